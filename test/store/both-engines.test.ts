import test from 'ava';
import Database from 'better-sqlite3';
import pg from 'pg';
import type {Claim, Store} from '../../src/store/store.ts';
import {createRandom} from '../helpers/crash/random.ts';
import {toSeed} from '../helpers/crash/storm.ts';
import {createOpenPostgres, type Server, startServer} from './open-postgres.ts';
import {openSqlite} from './open-sqlite.ts';
import {createWalk} from './walk.ts';

const walks = 2;
const steps = 120;

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());
const openPostgres = createOpenPostgres(() => server);

/** All that a store knows, but for what only one engine has. */
const everything = [
  `select seq, id, state, carrier, priority, cycle, owed, segments, plan, reference, expires_at, state_at, ended_at, watch_at,
    ended_by, reason_code from message order by seq`,
  `select id, kind, state, coalesce(lane, lone) as lane, due_at, attempts, priority, expires_at, receipt, renewed,
    case when fence = 0 then 0 else 1 end as is_claimed from job order by id`,
  'select * from segment order by message, cycle, idx',
  'select message, event, detail from event order by message, n',
  'select message, reason, at from dead_letter order by message',
  'select carrier, id_key, phone, receipt from parked_receipt order by receipt, id',
  'select list, phone, state, at from consent order by list, phone',
];

test('whatever happens, both engines answer alike and know the same', async t => {
  t.timeout(300_000);
  const first = toSeed();
  t.log(`CRASH_SEED=${first}`);
  for (let seed = first; seed < first + walks; seed += 1) {
    const sqlite = await openSqlite(t);
    const postgres = await openPostgres(t);
    let stores: readonly Store[] = [sqlite.store, postgres.store];
    const file = new Database(sqlite.file, {readonly: true});
    const client = new pg.Client({connectionString: postgres.url.replace(/\?.*/, ''), types: asNumbers});
    await client.connect();
    await client.query(`set search_path = ${postgres.schema}`);
    const answers = async (name: keyof Store, args: ReadonlyArray<readonly unknown[]>) => {
      const call = (store: Store) => store[name] as unknown as (...all: readonly unknown[]) => Promise<unknown>;
      const both = [];
      for (const [index, store] of stores.entries()) both.push(await call(store)(...(args[index] ?? [])));
      t.deepEqual(toComparable(both[1]), toComparable(both[0]), `${name} with CRASH_SEED=${seed}`);
      return both;
    };
    const step = createWalk({
      random: createRandom(seed),
      async both(name, ...args) {
        const [one, other] = await answers(name, [args, args]);
        return [one, other];
      },
      async each(name, [one, other]) {
        return (await answers(name, [[one], [other]]))[0];
      },
      setTime(now) {
        sqlite.clock.now = now;
        postgres.clock.now = now;
      },
      async reopen() {
        stores = [await sqlite.reopen(), await postgres.reopen()];
      },
    });
    try {
      for (let count = 0; count < steps; count += 1) {
        await step();
        if (count % 10 > 0) continue;
        for (const sql of everything) {
          t.deepEqual((await client.query(sql)).rows, file.prepare(sql).all(), `CRASH_SEED=${seed}`);
        }
      }
    } finally {
      file.close();
      await client.end();
    }
  }
});

const asNumbers = {
  getTypeParser: (type: number) => ([20, 23].includes(type) ? Number : (value: string) => value),
};

/** Without what each engine counts for itself, and in an order where one is promised: of claims. */
function toComparable(answer: unknown): unknown {
  if (!Array.isArray(answer)) return toText(answer);
  const all = answer.map(one => toText({...one, fence: undefined, holder: undefined}));
  return answer.some((one: Partial<Claim>) => one.fence !== undefined) ? all : all.sort();
}

function toText(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
