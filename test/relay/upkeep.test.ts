import test from 'ava';
import type {Log} from '../../src/core/log.ts';
import {createRounds} from '../../src/relay/every.ts';
import {startUpkeep, type UpkeepOptions} from '../../src/relay/upkeep.ts';
import {until} from '../helpers/until.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};

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
