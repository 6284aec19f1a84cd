import test from 'ava';
import type {Leaving} from '../src/config/leaving.ts';
import {postQueue} from '../src/core/queue.ts';
import {createLeaving, type LeavingOptions} from '../src/leaving.ts';
import {until} from './helpers/until.ts';
import {silent} from './store/silent.ts';

test('a channel stays while one of its receipts is under way, whoever posts it', async t => {
  const channel = {platform: 'acme', id: 'c1', carriers: [], leaving: true, receiptWithinMs: 0, unknownAfterMs: 0};
  const asked = {times: 0, left: 0};
  let calls = 0;
  const leaving = createLeaving({
    store: {
      depths: async () => [],
      find: async () => ({messages: [], next: undefined}),
      async underWay() {
        asked.times += 1;
        return asked.times < 3 ? [{queue: postQueue('receipt', 'acme', 'c1'), count: 1}] : [];
      },
    },
    delivery: {holds: () => false},
    config: () => ({channels: asked.left === 0 ? [channel] : []}),
    async onLeft(left: readonly Leaving[]) {
      asked.left = asked.times;
      t.like(left, [{platform: 'acme', channel: 'c1'}]);
    },
    log: silent,
    // By the first look it has been leaving for long enough.
    now: () => (++calls < 4 ? 0 : 6000),
  } as unknown as LeavingOptions);
  leaving.watch();
  await until('it to leave', () => asked.left > 0);
  await leaving.stop();
  t.is(asked.left, 4);
});
