import type {Ledger} from '../ledger.ts';
import {createRooms, type Room, type Rooms} from '../offers.ts';
import {operations} from '../operations/index.ts';
import {tidied} from '../operations/reseal.ts';
import {StoreUnavailable} from '../store.ts';
import {createVault, noSecrecy, type Vault} from '../vault.ts';
import {type Db, run, type Work} from '../work.ts';
import {bringForward, claim, claimOverdue} from './claim.ts';
import type {Connection} from './connection.ts';
import {isOfTheDisk, toFailure} from './failure.ts';
import type {Call, CallResult, Carried} from './protocol.ts';
import type {Witness} from './witness.ts';

export interface Engine {
  /** Everything in one transaction. When that fails, without the call that failed; when the commit fails, each call in its own. */
  group(now: number, calls: readonly Call[], offered?: readonly Room[]): Carried;
}

interface Group {
  now: number;
  calls: readonly Call[];
  offered: readonly Room[];
}

type Operate = (db: Db, ...args: never[]) => Work<unknown>;

const operate: Readonly<Record<string, Operate>> = {...operations, claim, claimOverdue, probe, tidied, tidy: nothing};

/** So many bad calls in one group, and each is tried on its own: a group is not run more often than that. */
const mostBad = 4;
/** Less is waited for. */
const leastPutBackMs = 1000;

export function createEngine(
  connection: Connection,
  ledger: Ledger,
  vault: Vault = createVault(noSecrecy),
  witness?: Pick<Witness, 'beat' | 'committed'>,
): Engine {
  /** The time of the group before. */
  let latest = Number.NEGATIVE_INFINITY;

  /** Answers a failure only when nothing was written. */
  function carryOut(now: number, [name, args]: Call, rooms: Rooms): CallResult {
    const operation = operate[name];
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    try {
      return {value: connection.drive(operation({now, ledger, vault, rooms}, ...(args as never[])))};
    } catch (error) {
      if (error instanceof StoreUnavailable) return {failed: {kind: 'unavailable', message: error.message}};
      throw error;
    }
  }

  function together({now, calls, offered}: Group, bad: ReadonlyMap<number, CallResult>): Carried {
    let position = -1;
    const rooms = createRooms(offered, {fence: ledger.nextFence()});
    try {
      const results = connection.transaction(() => {
        if (latest - now >= leastPutBackMs) connection.drive(bringForward({now, ledger, vault}, latest - now));
        const done = calls.map((call, index) => {
          position = index;
          return bad.get(index) ?? carryOut(now, call, rooms);
        });
        position = -1;
        witness?.beat(now);
        return done;
      });
      witness?.committed();
      latest = now;
      return {results, ready: ledger.commit(), claims: rooms.claims};
    } catch (error) {
      ledger.rollback();
      if (isOfTheDisk(error)) return {results: calls.map(() => ({failed: toFailure(error)})), ready: [], claims: []};
      if (position >= 0 && bad.size < mostBad) {
        return together({now, calls, offered}, new Map([...bad, [position, {failed: toFailure(error)}]]));
      }
      if (calls.length > 1) return apart(now, calls);
      return {results: [{failed: toFailure(error)}], ready: [], claims: []};
    }
  }

  function apart(now: number, calls: readonly Call[]): Carried {
    const each = calls.map(call => together({now, calls: [call], offered: []}, new Map()));
    const ready = new Set(each.flatMap(own => own.ready));
    return {results: each.flatMap(({results}) => results), ready: [...ready], claims: []};
  }

  /** Calls that must stand in no transaction follow the others. */
  function tidyAfter({results, ...rest}: Carried, calls: readonly Call[]): Carried {
    return {
      results: results.map((result, index) => (calls[index]?.[0] === 'tidy' ? tidy(calls[index]) : result)),
      ...rest,
    };
  }

  function tidy([, [rewrite]]: Call): CallResult {
    try {
      return {value: connection.tidy(rewrite === true)};
    } catch (error) {
      return {failed: toFailure(error)};
    }
  }

  return {group: (now, calls, offered = []) => tidyAfter(together({now, calls, offered}, new Map()), calls)};
}

/** Its turn comes after the transaction. */
function* nothing(): Work<void> {}

function* probe(db: Db): Work<void> {
  const statement = `insert into meta (key, value) values ('probed_at', $1) on conflict (key) do update set value = excluded.value`;
  yield* run(statement, db.now);
}
