import test from 'ava';
import Database from 'better-sqlite3';
import * as sql from '../../src/store/sql.ts';
import {createConnection} from '../../src/store/sqlite/connection.ts';
import {createEngine, type Engine} from '../../src/store/sqlite/engine.ts';
import {createGatheredRows} from '../../src/store/sqlite/gathered-rows.ts';
import {migrations} from '../../src/store/sqlite/migrations.ts';
import {open} from '../../src/store/sqlite/open.ts';
import type {Call} from '../../src/store/sqlite/protocol.ts';
import type {Claim, MessageRecord} from '../../src/store/store.ts';
import type {Work} from '../../src/store/work.ts';
import * as work from '../../src/store/work.ts';
import * as kit from './contract/kit.ts';
import {makeFolder} from './open-sqlite.ts';

test('whoever asks within a group for its events is told them', async t => {
  const engine = await openEngine(t);
  const [, , known] = run(engine, [accept('m1'), note('m1', 1), ask('m1')]);
  t.deepEqual(toNotes(known), [1]);
});

test('many events of one group come in their order, each once, and so do those of the next', async t => {
  const engine = await openEngine(t);
  const some = Array.from({length: 50}, (_, index) => note('m1', index));
  run(engine, [accept('m1'), ...some]);
  run(engine, [note('m1', 50)]);
  const [known] = run(engine, [ask('m1')]);
  t.deepEqual(
    toNotes(known),
    Array.from({length: 51}, (_, index) => index),
  );
});

test('a call that fails takes the events of its group with it, and those of the others are written once', async t => {
  const engine = await openEngine(t);
  run(engine, [accept('m1')]);
  const bad: Call = ['acceptOutbound', [{...kit.toOutbound('bad'), carrier: null}]];
  const {results} = engine.group(kit.startOfTime, [note('m1', 1), bad, note('m1', 2)]);
  t.deepEqual(
    results.map(result => 'failed' in result),
    [false, true, false],
  );
  const [known] = run(engine, [ask('m1')]);
  t.deepEqual(toNotes(known), [1, 2]);
});

test('a text is claimed in the group that brings it, and the next to its phone waits', async t => {
  const engine = await openEngine(t);
  const claims: Call = ['claim', [kit.everyOutbound, 10]];
  const [, , claimed] = run(engine, [accept('m1'), accept('m2'), claims]);
  const works = (claimed as Claim[]).map(({work}) => work.kind === 'outbound' && work.outbound);
  t.like(works, [{messageId: 'm1', text: kit.toOutbound('m1').outbound.text}]);
  t.is(works.length, 1);
});

test('a job is written before what asks for it, and not before what asks for another', t => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  for (const text of migrations) database.exec(text);
  const {transaction, drive} = createConnection(database);
  const count = () => database.prepare('select count(*) from job').pluck().get();
  transaction(() => {
    for (const id of [4, 8]) drive(addJob(id));
    drive(work.run(sql.deleteJob, 12));
    t.is(drive(work.row(sql.jobById, 12)), undefined);
    t.is(count(), 0);
    drive(work.run(sql.deleteJob, 8));
    t.is(count(), 1);
    drive(addJob(8));
    t.like(drive(work.row(sql.jobById, 8)), {id: 8, message: 2});
    drive(addJob(12));
    t.is(drive(work.rows(sql.laneFront, 7)).length, 1, 'who asks for no key sees all');
    t.is(count(), 3);
    drive(addJob(16));
  });
  t.is(count(), 4);
});

for (const [statement, seen] of [
  ['select * from job where id = $1', 'by key'],
  ['select * from job j join message m on m.seq = j.message where j.id = $1 and j.fence = $2', 'by key'],
  ['delete from job where id = $1 and (renewed = 0 or receipt is null) returning id', 'by key'],
  ['select * from message where seq = $1', 'nothing'],
  ['select * from job where lane = $1', 'any'],
  ['select * from job where id = $1 or lane = $2', 'any'],
  ['select * from job where id = $10', 'any'],
  ['select * from job where id = $1 union select * from job where id = $2', 'any'],
  ['update job set lane = $1 where id = (select id from job where lane = $1)', 'any'],
  ['delete from job', 'any'],
] as const)
  test(`of jobs this sees ${seen}: ${statement}`, t => {
    const database = new Database(':memory:');
    t.teardown(() => database.close());
    for (const text of migrations) database.exec(text);
    t.is(createGatheredRows(database).get(sql.insertJob)?.sees(statement), seen);
  });

test('a store that is opened again goes on after the events it has', async t => {
  const folder = await makeFolder(t);
  for (const round of [1, 2, 3]) {
    const opened = openIn(folder);
    const engine = createEngine(opened.connection, opened.ledger);
    if (round === 1) run(engine, [accept('m1')]);
    run(engine, [note('m1', round)]);
    const [known] = run(engine, [ask('m1')]);
    t.deepEqual(
      toNotes(known),
      Array.from({length: round}, (_, index) => index + 1),
    );
    opened.close();
  }
});

async function openEngine(t: Parameters<typeof makeFolder>[0]): Promise<Engine> {
  const opened = openIn(await makeFolder(t));
  t.teardown(opened.close);
  return createEngine(opened.connection, opened.ledger);
}

function openIn(folder: string) {
  const bounds = {maxOutbound: 1000, maxOutboundPerPlatform: 1000};
  return open({file: `${folder}/store.db`, bounds, now: kit.startOfTime, maxPages: undefined});
}

function addJob(id: number): Work<void> {
  const place = [1, 7, null, 'ready', 1, 'bulk', 1, 1];
  return work.run(sql.insertJob, id, id / 4, 'outbound', ...place, null, 0);
}

function run(engine: Engine, calls: Call[]): unknown[] {
  return engine.group(kit.startOfTime, calls).results.map(result => {
    if ('failed' in result) throw new Error(result.failed.message);
    return result.value;
  });
}

function accept(id: string): Call {
  return ['acceptOutbound', [kit.toOutbound(id)]];
}

function note(id: string, number: number): Call {
  return ['note', [id, 'noted', {number}]];
}

function ask(id: string): Call {
  return ['get', [id, false]];
}

function toNotes(known: unknown): unknown[] {
  const {events} = known as MessageRecord;
  return events.filter(({event}) => event === 'noted').map(({detail}) => (detail as {number: number}).number);
}
