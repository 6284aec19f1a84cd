import type {Ledger} from '../ledger.ts';
import {operations} from '../operations/index.ts';
import {StoreUnavailable} from '../store.ts';
import {type Db, run, type Work} from '../work.ts';
import {claim, claimOverdue} from './claim.ts';
import type {Connection} from './connection.ts';
import type {Call, CallResult, Failure} from './protocol.ts';

export interface Engine {
  /** Everything in one transaction; when that fails, each call in its own, so that only the bad one is refused. */
  group(now: number, calls: readonly Call[]): {results: CallResult[]; ready: string[]};
}

type Operate = (db: Db, ...args: never[]) => Work<unknown>;

const operate: Readonly<Record<string, Operate>> = {...operations, claim, claimOverdue, probe};

export function createEngine(connection: Connection, ledger: Ledger): Engine {
  function carryOut(now: number, [name, args]: Call): CallResult {
    const operation = operate[name];
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    try {
      return {value: connection.drive(operation({now, ledger}, ...(args as never[])))};
    } catch (error) {
      // Thrown before the first write: the others' work stands.
      if (error instanceof StoreUnavailable) return {failed: {kind: 'unavailable', message: error.message}};
      throw error;
    }
  }

  function together(now: number, calls: readonly Call[]): {results: CallResult[]; ready: string[]} {
    try {
      const results = connection.transaction(() => calls.map(call => carryOut(now, call)));
      return {results, ready: ledger.commit()};
    } catch (error) {
      ledger.rollback();
      throw error;
    }
  }

  function alone(now: number, call: Call): {results: CallResult[]; ready: string[]} {
    try {
      return together(now, [call]);
    } catch (error) {
      return {results: [{failed: toFailure(error)}], ready: []};
    }
  }

  return {
    group: (now, calls) => {
      const [only] = calls;
      if (calls.length === 1 && only !== undefined) return alone(now, only);
      try {
        return together(now, calls);
      } catch {
        const each = calls.map(call => alone(now, call));
        return {results: each.flatMap(({results}) => results), ready: [...new Set(each.flatMap(({ready}) => ready))]};
      }
    },
  };
}

function* probe(db: Db): Work<void> {
  yield* run(
    `insert into meta (key, value) values ('probed_at', $1) on conflict (key) do update set value = excluded.value`,
    db.now,
  );
}

/** Of the disk or the file, so that another try may succeed: https://sqlite.org/rescode.html */
const passing = /^SQLITE_(FULL|READONLY|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL|CORRUPT|NOTADB)/;

function toFailure(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (passing.test(code)) {
    return {kind: 'unavailable', message: `the store can't write (${code}); see to its disk, it goes on by itself`};
  }
  if (code !== '') return {kind: 'fault', message: `the store refused a row (${code})`};
  return {kind: 'fault', message: error instanceof Error ? error.message : 'the store failed'};
}
