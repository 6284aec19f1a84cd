import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import type {Log} from '../../src/core/log.ts';
import {parseQueueName} from '../../src/core/queue.ts';
import {createFailover, type FailoverOptions} from '../../src/relay/failover.ts';
import {createGates} from '../../src/relay/gates.ts';
import type {Claim, Gate} from '../../src/store/store.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};
const to = '+14155550123';
const carriers = ['a', 'b', 'c'].map(carrier => ({
  carrier,
  address: '+16504661149',
  senderMayChange: false,
  options: {},
}));
const channel = {platform: 'acme', id: 'c1', priority: 'bulk', carriers, failoverAfterMs: 0} as unknown as Channel;

const text = {channel, priority: 'bulk', to} as const;

interface Circumstances {
  down?: string[];
  closed?: string[];
  gates?: Partial<FailoverOptions['gates']>;
}

/** Three carriers for one channel; of those that are down there is no end of texts. */
function start({down = [], closed = [], gates = {}}: Circumstances = {}) {
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
      isPaused: () => false,
      isLeaving: () => false,
      parkedSince: () => undefined,
      ...gates,
    },
    isStopping: () => seen.stopping,
    log: silent,
    now: Date.now,
  } as unknown as FailoverOptions);
  return {seen, ...failover};
}

test('what is refused at its first try goes to the first other carrier of the list, and from then on only down the list', t => {
  const {afterRefusal} = start();
  t.is(afterRefusal(text, 'b', true), 'a');
  t.is(afterRefusal(text, 'a', false), 'b');
  t.is(afterRefusal(text, 'b', false), 'c');
  t.is(afterRefusal(text, 'c', false), undefined);
});

test('on its way down it passes over a carrier without a link', t => {
  const {afterRefusal} = start({down: ['b']});
  t.is(afterRefusal(text, 'a', false), 'c');
});

test('refused at its first try it waits for a carrier without a link where there is no other, and later it does not', async t => {
  const {afterRefusal} = start({down: ['b', 'c']});
  t.is(afterRefusal(text, 'a', true), 'b');
  t.is(afterRefusal(text, 'a', false), undefined);
});

test('it does not wait where somebody has closed the queue', t => {
  t.is(start({down: ['c'], closed: ['b']}).afterRefusal(text, 'a', true), 'c');
  t.is(start({closed: ['b', 'c']}).afterRefusal(text, 'a', true), undefined);
});

test('what counts is whether the queue of its own class is open', async t => {
  const gates = {isOpen: (queue: string) => queue !== 'outbound|acme|c1|b|bulk'};
  const {afterRefusal} = start({down: ['c'], gates});
  t.is(afterRefusal({...text, priority: 'interactive'}, 'a', true), 'b');
  t.is(afterRefusal(text, 'a', true), 'c');
});

test('a sweep ends with the texts it has claimed when the gateway stops', async t => {
  const {seen, sweep} = start({down: ['a', 'b']});
  const sweeping = sweep();
  seen.stopping = true;
  await sweeping;
  t.is(seen.claims, 1);
  t.is(seen.moved, 100);
});

async function gatesWith(...kinds: Array<Gate['kind']>) {
  const own = {filter: {carrier: 'a'}, reason: 'a test', by: 'anne', since: 0};
  const rows = kinds.map((kind): Gate => ({...own, kind, ...(kind === 'parked' && {filter: parked})}));
  const store = {gates: async () => rows} as unknown as FailoverOptions['store'];
  const gates = createGates({store, log: silent, now: Date.now, onOpened() {}});
  await gates.start();
  gates.stop();
  return gates;
}

const parked = {kind: 'outbound', platform: 'acme', channel: 'c1', carrier: 'a', priority: 'bulk'} as const;

test('what is parked moves, unless a person has paused it', async t => {
  const isMoved = async (...kinds: Array<Gate['kind']>) => {
    const {seen, sweep} = start({gates: await gatesWith(...kinds)});
    await sweep();
    return seen.claims > 0;
  };
  t.true(await isMoved('parked'));
  t.true(await isMoved('draining'));
  t.true(await isMoved('parked', 'draining'));
  t.false(await isMoved('paused'));
  t.false(await isMoved('parked', 'paused'));
  t.false(await isMoved('parked', 'draining', 'paused'));
});
