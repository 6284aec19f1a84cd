import {join} from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type {Ledger} from '../../src/store/ledger.ts';
import {createEngine} from '../../src/store/sqlite/engine.ts';
import {open} from '../../src/store/sqlite/open.ts';
import {startOfTime} from './contract/kit.ts';
import {makeFolder} from './open-sqlite.ts';
import {createPromises} from './promises.ts';
import {kinds, takeStep, type World} from './world.ts';

const steps = fc.array(fc.record({kind: fc.constantFrom(...kinds), dice: fc.nat(1000)}), {
  minLength: 40,
  maxLength: 200,
});

test('whatever happens, every lane has one head, every count is right, and every text is where it was promised to be', async t => {
  const folder = await makeFolder(t);
  let number = 0;
  fc.assert(
    fc.property(steps, script => {
      number += 1;
      const file = join(folder, `${number}.db`);
      const opened = open({
        file,
        bounds: {maxOutbound: 1000, maxOutboundPerPlatform: 1000},
        now: startOfTime,
        maxPages: undefined,
      });
      const engine = createEngine(opened.connection, opened.ledger);
      const world: World = {engine, held: [], lost: [], now: startOfTime, made: 0};
      const reader = new Database(file, {readonly: true});
      const lanes = new Set<number>();
      const checkPromises = createPromises(reader);
      try {
        for (const step of script) {
          takeStep(world, step);
          checkRows(reader, opened.ledger);
          checkLanes(reader, opened.ledger, lanes);
          checkPromises();
        }
      } finally {
        reader.close();
        opened.close();
      }
    }),
    {numRuns: 50, interruptAfterTimeLimit: 30_000},
  );
  t.pass();
});

function checkRows(reader: Database.Database, ledger: Ledger): void {
  const headless = reader.prepare(`
    select lane, count(*) as jobs, sum(state <> 'waiting') as heads from job where lane is not null group by lane having heads <> 1`);
  expectNone('lanes without exactly one head', headless.all());
  const together = `select id from job where lone in (select lane from job)`;
  expectNone('jobs alone in a lane where others are', reader.prepare(together).all());
  expectNone(
    'jobs alone in their lane that wait',
    reader.prepare(`select id from job where lane is null and state = 'waiting'`).all(),
  );
  const orphans = `select id from job where message not in (select seq from message)`;
  expectNone('jobs without a message', reader.prepare(orphans).all());
  const ended = `
    select j.id from job j join message m on m.seq = j.message
    where j.kind = 'outbound' and m.state in ('sent', 'delivered', 'failed', 'expired', 'unknown')`;
  expectNone('jobs of messages that have ended', reader.prepare(ended).all());
  const jobless = `
    select id from message m where direction = 'outbound' and state in ('accepted', 'sending')
      and not exists (select 1 from job j where j.message = m.seq and j.kind = 'outbound')`;
  expectNone('messages nobody will send', reader.prepare(jobless).all());
  const {outbound} = reader.prepare(`select count(*) as outbound from job where kind = 'outbound'`).get() as {
    outbound: number;
  };
  if (outbound !== ledger.outbound()) throw new Error(`${ledger.outbound()} outbound jobs counted, ${outbound} there`);
  for (const id of ledger.queueIds()) {
    const count = reader.prepare(`select count(*) as jobs from job where queue = ? and state <> 'leased'`);
    const {jobs} = count.get(id) as {jobs: number};
    if (jobs !== ledger.waiting(id))
      throw new Error(`${ledger.waiting(id)} waiting in queue ${id} counted, ${jobs} there`);
  }
}

/** What nobody is in must not be asked about either: there are too few lanes here to share a bucket. */
function checkLanes(reader: Database.Database, {lanes}: Ledger, seen: Set<number>): void {
  const all = `select lane from job where lane is not null union select lone from job where lone is not null`;
  const held = reader.prepare(all).pluck().all() as number[];
  for (const lane of held) seen.add(lane);
  const alone = reader.prepare('select lone, id from job where lone is not null').raw().all() as Array<
    [number, number]
  >;
  const jobs = new Map(alone);
  if (jobs.size < alone.length) throw new Error('two jobs are alone in one lane');
  for (const lane of seen) {
    if (lanes.loneJob(lane) !== jobs.get(lane))
      throw new Error(`alone in lane ${lane} is taken to be ${lanes.loneJob(lane)}`);
  }
  for (const lane of seen) {
    if (lanes.mayHold(lane) !== held.includes(lane))
      throw new Error(`lane ${lane} is taken for ${lanes.mayHold(lane)}`);
  }
}

function expectNone(what: string, rows: unknown[]): void {
  if (rows.length > 0) throw new Error(`${what}: ${JSON.stringify(rows)}`);
}
