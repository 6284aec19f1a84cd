import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import type {Outcome} from '../../src/core/outcome.ts';
import {postQueue} from '../../src/core/queue.ts';
import {createRoutes} from '../../src/relay/routes.ts';
import {createToPlatform, type ToPlatformOptions} from '../../src/relay/to-platform.ts';
import {StoreUnavailable} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import {silent} from '../store/silent.ts';

const around = {meter: {posted() {}}, log: silent, now: () => 0, noise: () => 1};

test('the rest of a channel’s URL is told no more once the channel is gone', async t => {
  const queue = postQueue('receipt', 'acme', 'c1');
  let channels = [{platform: 'acme', id: 'c1', carriers: []}] as unknown as Channel[];
  const receipt = {status: 'Failed', final: true, reasons: [], at: 0};
  const work = {kind: 'receipt', messageId: 'm1', traceId: 'a1', channel: 'c1', receipt};
  const destination = createToPlatform({
    kind: 'receipt',
    store: {
      claim: async () => [{job: 2, fence: 1, queue, attempts: 0, acceptedAt: 0, expiresAt: 0, work}],
      settle: async () => true,
    },
    name: 'acme',
    platform: () => ({post: async () => ({kind: 'unknown', reason: {code: 'ServerError', message: 'no answer'}})}),
    routes: createRoutes(() => channels, []),
    gates: {isOpen: () => false, isPaused: () => false, async park() {}},
    ...around,
  } as unknown as ToPlatformOptions);
  for (let times = 0; times < 5; times += 1) await destination.probe(queue);
  t.like(destination.health(), [{kind: 'receipt', name: 'acme', channel: 'c1', breaker: 'open'}]);
  channels = [];
  t.deepEqual(destination.health(), []);
  await destination.stop();
});

const queue = postQueue('inbound', 'acme', 'c1');

/** Of a queue of one text of each of so many phones. */
function createClaim(jobs: number) {
  let next = 0;
  return async (_queues: string[], limit: number) =>
    Array.from({length: Math.min(limit, jobs - next)}, () => {
      next += 1;
      const inbound = {messageId: `m${next}`, traceId: 'a1', channel: 'c1', receivedAt: 0};
      const times = {acceptedAt: 0, expiresAt: 0};
      return {job: next, fence: 1, queue, attempts: 0, ...times, work: {kind: 'inbound', inbound}};
    });
}

/** A queue of one text of each of so many phones; what the platform is posted is written down and refused. */
function park(jobs: number, onPost: (posted: number) => void = () => {}) {
  const state = {posted: 0, isPaused: false, settled: new Map<number, string>(), waiting: 0};
  /** How many posts were under way at once. */
  const seen: number[] = [];
  const destination = createToPlatform({
    kind: 'inbound',
    store: {
      claim: createClaim(jobs),
      async settle({job, to}: {job: number; to: string}) {
        state.settled.set(job, to);
        return true;
      },
    },
    name: 'acme',
    platform: () => ({
      async post() {
        state.posted += 1;
        state.waiting += 1;
        onPost(state.posted);
        await new Promise(setImmediate);
        const beside = state.waiting;
        state.waiting = 0;
        seen.push(beside);
        return {kind: 'unavailable', scope: 'queue', reason: {code: 'ServerError', message: '403'}};
      },
    }),
    routes: createRoutes(() => [], []),
    gates: {isOpen: () => false, isPaused: () => state.isPaused, async park() {}},
    ...around,
  } as unknown as ToPlatformOptions);
  return {destination, state, seen};
}

test('where the first is refused nine others are tried beside each other', async t => {
  const {destination, state, seen} = park(30);
  t.false(await destination.probe(queue));
  t.is(state.posted, 10);
  t.deepEqual(seen.slice(0, 2), [1, 9]);
  await destination.stop();
});

test('a parked queue that is paused while one of it is tried is tried no further, and keeps all of it', async t => {
  const {destination, state} = park(30, () => {
    state.isPaused = true;
  });
  t.false(await destination.probe(queue));
  t.is(state.posted, 1);
  t.deepEqual([...state.settled.values()], ['retry']);
  await destination.stop();
});

test('a stop does not wait for more than the one that is tried', async t => {
  const {destination, state} = park(30, () => void destination.stop());
  t.false(await destination.probe(queue));
  t.is(state.posted, 1);
});

/** How many of many posts are begun while nothing of what came of them is written down yet. */
async function countBegun(answer: 'taken' | 'refused'): Promise<number> {
  let begun = 0;
  const {promise: written, resolve: write} = Promise.withResolvers<boolean>();
  const destination = createToPlatform({
    kind: 'inbound',
    store: {
      claim: createClaim(300),
      settle: () => written,
    },
    name: 'acme',
    platform: () => ({
      async post() {
        begun += 1;
        await new Promise(setImmediate);
        const reason = {code: 'GeneralError', message: '422'};
        return answer === 'taken' ? {kind: answer} : {kind: answer, scope: 'message', reason};
      },
    }),
    routes: createRoutes(() => [{platform: 'acme', id: 'c1', carriers: []}] as unknown as Channel[], []),
    gates: {isOpen: () => true, isPaused: () => false, async park() {}},
    ...around,
  } as unknown as ToPlatformOptions);
  destination.pump.wakeAll();
  for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
  const seen = begun;
  write(true);
  await destination.stop();
  return seen;
}

test('a post that was taken leaves its place to the next while it is written down, within a bound; one that was refused keeps it', async t => {
  t.is(await countBegun('taken'), 256);
  t.is(await countBegun('refused'), 64);
});

test('what others may have taken over is not posted here, and goes back for a moment', async t => {
  for (const standing of [3, 4, undefined]) {
    const settled: object[] = [];
    let posted = 0;
    const claim = createClaim(1);
    const destination = createToPlatform({
      kind: 'inbound',
      store: {
        claim: async (queues: string[], limit: number) =>
          (await claim(queues, limit)).map(each => ({...each, holder: 3})),
        async settle(settlement: object) {
          settled.push(settlement);
          return true;
        },
        replicas: {standing: () => standing},
      },
      name: 'acme',
      platform: () => ({
        async post() {
          posted += 1;
          return {kind: 'taken'};
        },
      }),
      routes: createRoutes(() => [{platform: 'acme', id: 'c1', carriers: []}] as unknown as Channel[], []),
      gates: {isOpen: () => true, isPaused: () => false, async park() {}},
      ...around,
    } as unknown as ToPlatformOptions);
    const isOurs = standing === 3;
    // The probe of a parked queue as well.
    if (standing === undefined) await t.throwsAsync(destination.probe(queue), {instanceOf: StoreUnavailable});
    else destination.pump.wake([queue]);
    await until('it to be settled', () => settled.length === 1);
    t.is(posted, isOurs ? 1 : 0);
    t.like(settled, [isOurs ? {to: 'posted'} : {to: 'retry', dueInMs: 1000, counts: false}]);
    await destination.stop();
  }
});

test('what is refused while another passes is tried once more only as long as nobody else can have it', async t => {
  const refused: Outcome = {kind: 'unavailable', scope: 'queue', reason: {code: 'ServerError', message: '403'}};
  for (const after of [3, 4]) {
    let standing = 3;
    const answers: Outcome[] = [refused, {kind: 'taken'}, refused];
    const settled = new Map<number, object>();
    const claim = createClaim(2);
    const destination = createToPlatform({
      kind: 'inbound',
      store: {
        claim: async (queues: string[], limit: number) =>
          (await claim(queues, limit)).map(each => ({...each, holder: 3})),
        async settle({job, ...settlement}: {job: number}) {
          settled.set(job, settlement);
          return true;
        },
        replicas: {standing: () => standing},
      },
      name: 'acme',
      platform: () => ({
        async post() {
          const answer = answers.shift();
          if (answer?.kind === 'taken') standing = after;
          return answer;
        },
      }),
      routes: createRoutes(() => [], []),
      gates: {isOpen: () => false, isPaused: () => false, async park() {}},
      ...around,
    } as unknown as ToPlatformOptions);
    t.true(await destination.probe(queue));
    t.is(answers.length, after === 3 ? 0 : 1);
    t.like(settled.get(1), {to: 'retry', dueInMs: after === 3 ? 300_000 : 1});
    t.like(settled.get(2), {to: 'posted'});
    await destination.stop();
  }
});
