/** What a failure means, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html); without one it is the connection's. */
export type Failing =
  /** Others were in the way: the same again may succeed. */
  | 'again'
  /** Nothing can be written now, whatever it is. */
  | 'unavailable'
  /** This very call can't be carried out. */
  | 'fault';

/** What was prepared answers otherwise since a newer version has changed the tables. */
const outdated = '0A000';
/** Serialization, deadlock, lock time-out, a row somebody else was first to write, no room for more locks. */
const passing = ['40001', '40P01', '55P03', '23505', '53200', outdated];
/** Connection, resources, operator, system, internal; a server that only reads; a transaction that idled too long; a login that is refused. */
const ofTheServer = /^(08|53|57|58|XX|28|25006$|25P0[34]$|3D|F0)/;

export function toFailing(error: unknown): Failing {
  if (isOurs(error)) return 'fault';
  const code = toState(error);
  if (passing.includes(code)) return 'again';
  return code === '' || ofTheServer.test(code) ? 'unavailable' : 'fault';
}

/** It was not even sent: a group too long for one string, say. */
export function isOurs(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError;
}

/** The client and the server do not agree any more on what is prepared: on another connection it is prepared anew. */
export function isUnprepared(error: unknown): boolean {
  return isOurs(error) || toState(error) === outdated;
}

/** It was cut, by the server or on the way: what was asked last may have been done. */
export function isOfTheConnection(error: unknown): boolean {
  return /^($|08|57P)/.test(toState(error));
}

/** Empty: not a word of the server's. */
export function toState(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  // Every state has a digit; of the system's own words (EPIPE) none has.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(String(error.code)) ? String(error.code) : '';
}

/** Without the library's error: what is told holds no values of rows, no address with a password. */
export function toSentence(error: unknown): string {
  if (isOurs(error)) return 'a row could not be sent to the database';
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'connection lost';
  if (toFailing(error) === 'fault') return `the database refused a row (${code})`;
  return `the database can't be written (${code}); see to the server and its disk, the store goes on by itself`;
}
