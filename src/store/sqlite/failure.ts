import type {Failure} from './protocol.ts';

/** Result codes: https://sqlite.org/rescode.html */
const ofTheDisk = /^SQLITE_(READONLY|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL|CORRUPT|NOTADB)/;

/** Nothing can be written now, whatever it is: there is no use in trying the calls of a group one by one. */
export function isOfTheDisk(error: unknown): boolean {
  return ofTheDisk.test(toCode(error));
}

/** Without the library's error: what is told of it holds no values of rows. */
export function toFailure(error: unknown): Failure {
  const code = toCode(error);
  if (ofTheDisk.test(code) || code === 'SQLITE_FULL') {
    return {kind: 'unavailable', message: `the store can't write (${code}); see to its disk, it goes on by itself`};
  }
  if (code !== '') return {kind: 'fault', message: `the store refused a row (${code})`};
  return {kind: 'fault', message: error instanceof Error ? error.message : 'the store failed'};
}

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
