import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import type {Log} from '../../src/core/log.ts';
import {parseQueueName} from '../../src/core/queue.ts';
import {createFailover, type FailoverOptions} from '../../src/relay/failover.ts';
import type {Claim} from '../../src/store/store.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};
const to = '+14155550123';
const carriers = ['a', 'b', 'c'].map(carrier => ({
  carrier,
  address: '+16504661149',
  senderMayChange: false,
  options: {},
}));
const channel = {platform: 'acme', id: 'c1', priority: 'bulk', carriers, failoverAfterMs: 0} as unknown as Channel;

/** Three carriers for one channel; of those that are down there is no end of texts. */
function start({down = [], closed = []}: {down?: string[]; closed?: string[]} = {}) {
  const seen = {claims: 0, moved: 0, stopping: false};
  const account = (name: string) => ({window: () => (down.includes(name) ? 0 : 10), status: () => ({})});
  const failover = createFailover({
    store: {
      async claim(queues: string[], limit: number) {
        seen.claims += 1;
        return Array.from({length: limit}, (_, job) => ({job, queue: queues[0], work: {kind: 'inbound'}}) as Claim);
      },
      async settle() {
        seen.moved += 1;
        return true;
      },
    },
    channels: () => [channel],
    carriers: () => new Map(carriers.map(({carrier}) => [carrier, account(carrier)])),
    rests: () => false,
    gates: {
      isOpen: (queue: string) => !closed.includes(parseQueueName(queue).carrier ?? ''),
      isLeaving: () => false,
      parkedSince: () => undefined,
    },
    isStopping: () => seen.stopping,
    log: silent,
    now: Date.now,
  } as unknown as FailoverOptions);
  return {seen, ...failover};
}

test('what is refused at its first try goes to the first other carrier of the list, and from then on only down the list', t => {
  const {afterRefusal} = start();
  t.is(afterRefusal(channel, 'b', to, true), 'a');
  t.is(afterRefusal(channel, 'a', to, false), 'b');
  t.is(afterRefusal(channel, 'b', to, false), 'c');
  t.is(afterRefusal(channel, 'c', to, false), undefined);
});

test('on its way down it passes over a carrier without a link', t => {
  const {afterRefusal} = start({down: ['b']});
  t.is(afterRefusal(channel, 'a', to, false), 'c');
});

test('refused at its first try it waits for a carrier without a link where there is no other, and later it does not', async t => {
  const {afterRefusal} = start({down: ['b', 'c']});
  t.is(afterRefusal(channel, 'a', to, true), 'b');
  t.is(afterRefusal(channel, 'a', to, false), undefined);
});

test('it does not wait where somebody has closed the queue', t => {
  t.is(start({down: ['c'], closed: ['b']}).afterRefusal(channel, 'a', to, true), 'c');
  t.is(start({closed: ['b', 'c']}).afterRefusal(channel, 'a', to, true), undefined);
});

test('a sweep ends with the texts it has claimed when the gateway stops', async t => {
  const {seen, sweep} = start({down: ['a', 'b']});
  const sweeping = sweep();
  seen.stopping = true;
  await sweeping;
  t.is(seen.claims, 1);
  t.is(seen.moved, 100);
});
