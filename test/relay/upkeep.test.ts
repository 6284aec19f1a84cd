import test, {type ExecutionContext} from 'ava';
import type {Log} from '../../src/core/log.ts';
import {createRounds} from '../../src/relay/every.ts';
import {startUpkeep, type UpkeepOptions} from '../../src/relay/upkeep.ts';
import type {Resolution} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import * as kit from '../store/contract/kit.ts';
import {openSqlite} from '../store/open-sqlite.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};

function startWith(t: ExecutionContext, options: object): void {
  const rounds = createRounds(silent);
  t.teardown(rounds.stop);
  const own = {rounds, retention: {}, lookUpAfterMs: () => undefined, meter: {ended() {}}, log: silent};
  startUpkeep({...own, ...options} as unknown as UpkeepOptions);
}

/** Upkeep of a store that has twenty steps of each work: what it was asked for, and how much of what it gave was seen to. */
function start() {
  const asked: string[] = [];
  const ended: string[] = [];
  const hasMore = async (name: string): Promise<boolean> => {
    asked.push(name);
    await new Promise(resolve => setImmediate(resolve));
    return asked.filter(one => one === name).length <= 20;
  };
  const give = async (name: string, one: object) => ((await hasMore(name)) ? Array.from({length: 100}, () => one) : []);
  const rounds = createRounds(silent);
  startUpkeep({
    store: {
      claimOverdue: () => give('overdue', {queue: 'outbound|acme|c1|smsc|bulk', work: {kind: 'inbound'}}),
      dueWatches: () => give('watch', {state: 'sent', since: Date.now()}),
      overdueParts: () => give('parts', {parts: []}),
      prune: () => hasMore('prune'),
      settle: async () => ended.push('overdue') > 0,
      resolve: async () => ended.push('watch') > 0,
    },
    takeGroup: async () => ended.push('parts'),
    routes: {outbound: () => [], find: () => undefined},
    rounds,
    retention: {},
    lookUpAfterMs: () => undefined,
    meter: {ended() {}},
    log: silent,
    now: Date.now,
  } as unknown as UpkeepOptions);
  return {asked, ended, rounds};
}

test('an unknown text whose carrier its channel has no more is held, though others are tried again', async t => {
  const resolved: string[] = [];
  const carriers = [{carrier: 'smsc-b', address: '+1'}];
  const channel = {unknown: 'retry', unknownAfterMs: 86_400_000, carriers};
  const watched = ['smsc-a', 'smsc-b'].map(carrier => ({messageId: carrier, carrier, state: 'unknown', since: 0}));
  startWith(t, {
    store: {
      dueWatches: async () => watched.splice(0),
      resolve: async ({messageId, to}: {messageId: string; to: string}) => resolved.push(`${messageId} ${to}`) > 0,
    },
    routes: {outbound: () => [], find: () => channel},
    lookUp: async () => 'nothing',
    now: () => 61_000,
  });
  await until('both to be decided', () => resolved.length === 2);
  t.deepEqual(resolved, ['smsc-a hold', 'smsc-b requeue']);
});

test('a text in a queue nobody serves ends when its time is over', async t => {
  const {store, clock} = await openSqlite(t);
  await store.acceptOutbound(kit.toOutbound('m1'));
  clock.now += 3_600_001;
  startWith(t, {store, routes: {outbound: () => [], find: () => undefined}, now: () => clock.now});
  await until('its end', async () => (await store.get('m1', false))?.state === 'expired');
  t.like(await store.deadLetters({limit: 10}), {deadLetters: [{messageId: 'm1', reason: 'expired'}]});
});

test('a stop waits for the step each round is at, and for no other, however much there is to do', async t => {
  const {asked, ended, rounds} = start();
  await rounds.stop();
  t.deepEqual(asked, ['overdue', 'watch', 'parts', 'prune']);
  const counts = [...Map.groupBy(ended, name => name)].map(([name, {length}]) => `${name} ${length}`).sort();
  t.deepEqual(counts, ['overdue 100', 'watch 100'], 'what was claimed is ended');
});

test('a stop between two steps lets no other begin', async t => {
  const {asked, rounds} = start();
  await until('the first to be pruned', () => asked.includes('prune'));
  await new Promise(resolve => setImmediate(resolve));
  const stopping = rounds.stop();
  const before = asked.length;
  await stopping;
  t.is(asked.length, before);
});

test('what was decided about an unknown text does not end one that is known to be sent by then', async t => {
  const {store, clock} = await openSqlite(t);
  await kit.loseOne(store, 'm1');
  clock.now += 60_000;
  const late = {segment: 0, attempt: 1, taken: true, carrierMessageId: 'id1', receiptWithinMs: 3_600_000};
  const looked = Promise.withResolvers<void>();
  startWith(t, {
    store: {
      ...store,
      async resolve(resolution: Resolution) {
        const applied = await store.resolve(resolution);
        looked.resolve();
        return applied;
      },
    },
    async lookUp() {
      await store.resolve({messageId: 'm1', events: [], to: 'late', ...late});
      return 'nothing';
    },
    routes: {outbound: () => [], find: () => ({unknown: 'fail', carriers: []})},
    now: () => clock.now,
  });
  await looked.promise;
  t.is(await kit.stateOf(store, 'm1'), 'sent');
  t.deepEqual(await kit.postReceipts(store), []);
});
