import test from 'ava';
import type {Outcome} from '../../src/core/outcome.ts';
import {claimInTurn, createToCarrier, type ToCarrierOptions} from '../../src/relay/to-carrier.ts';
import {claimApart} from '../../src/relay/to-platform.ts';
import {type Claim, StoreUnavailable} from '../../src/store/store.ts';
import {silent} from '../store/silent.ts';

/** Senders with a room of their own; those not named have no limit. Each queue holds more than anybody asks for. */
async function claimFor(queues: string[], limit: number, rooms: Record<string, number>) {
  const asked: string[] = [];
  const store = {
    async claim(names: string[], most: number) {
      asked.push(`${names.join('+')} ${most}`);
      return Array.from({length: most}, () => ({queue: names[0]}) as Claim);
    },
  };
  const roomOf = (queue: string) => rooms[queue] ?? Number.POSITIVE_INFINITY;
  return {asked, ...(await claimInTurn(store, queues, limit, roomOf))};
}

test('a number is asked for no more than its room, and one that finds no place left may hold more', async t => {
  const {asked, claims, more} = await claimFor(['n1', 'n2', 'n3', 'pool'], 2, {n1: 1, n2: 1, n3: 1});
  t.deepEqual(asked, ['n1 1', 'n2 1']);
  t.is(claims.length, 2);
  t.deepEqual([...more].sort(), ['n1', 'n2', 'n3', 'pool']);
});

test('one whose sender has no room may hold more, and takes no place', async t => {
  const {asked, more} = await claimFor(['n1', 'n2'], 5, {n1: 0, n2: 3});
  t.deepEqual(asked, ['n2 3']);
  t.deepEqual([...more].sort(), ['n1', 'n2']);
});

test('senders without a limit come together, in the turn of the first of them', async t => {
  const {asked} = await claimFor(['n1', 'pool1', 'n2', 'pool2'], 3, {n1: 1, n2: 1});
  t.deepEqual(asked, ['n1 1', 'pool1+pool2 2']);
});

/** A store that is away for these queues; each other one has one claim. */
function awayFor(...names: string[]) {
  return {
    async claim(queues: string[]) {
      if (queues.some(queue => names.includes(queue))) throw new StoreUnavailable('away');
      return queues.map(queue => ({queue}) as Claim);
    },
  };
}

const one = () => 1;

test('what was claimed before the store was away is kept, and what could not be asked for may hold more', async t => {
  const {claims, more} = await claimInTurn(awayFor('n2'), ['n1', 'n2', 'n3'], 5, one);
  t.deepEqual(
    claims.map(({queue}) => queue),
    ['n1', 'n3'],
  );
  t.true(more.includes('n2'));
  await t.throwsAsync(claimInTurn(awayFor('n1'), ['n1'], 5, one), {instanceOf: StoreUnavailable});
});

test('the same with the posts of URLs that are being tried again', async t => {
  const queuesOf = async (away: string[]) =>
    (await claimApart(awayFor(...away), ['t1', 't2', 'o1'], ['t1', 't2'], 5)).claims.map(({queue}) => queue);
  t.deepEqual(await queuesOf(['t2']), ['t1', 'o1']);
  t.deepEqual(await queuesOf(['o1']), ['t1', 't2']);
  await t.throwsAsync(queuesOf(['t1', 't2', 'o1']), {instanceOf: StoreUnavailable});
});

const suspended = {kind: 'unavailable', scope: 'queue', reason: {code: 'GeneralError', message: 'suspended'}} as const;

const around = {
  guard: {ask: () => undefined, counts: () => false},
  afterRefusal: () => undefined,
  log: silent,
  meter: {submitted() {}, responded() {}, ended() {}},
  now: Date.now,
  noise: () => 0,
};

/** A parked queue whose texts are `held` back by a person or not, and a carrier that gives these answers. */
function startParked(texts: ReadonlyArray<'held' | 'free'>, answers: Outcome[]) {
  const left = texts.map((kind, job): Claim => {
    const outbound = {messageId: `m${job}`, platform: 'acme', channel: 'c1', to: kind};
    const work = {kind: 'outbound', outbound, priority: 'bulk', acceptedAs: 'bulk', segments: [], optedOut: []};
    return {job, queue, attempts: 0, acceptedAt: 0, expiresAt: Date.now() + 60_000, work} as unknown as Claim;
  });
  const carrier = {
    name: 'a',
    window: () => 10,
    plan: () => ({name: 'gsm7', segments: 1}),
    send: async () => answers.shift(),
  };
  const channel = {carriers: [{carrier: 'a'}], receiptWithinMs: 0};
  const {probe, stop} = createToCarrier({
    store: {claim: async () => left.splice(0, 1), start: async () => true, settle: async () => true},
    name: 'a',
    carrier: () => carrier,
    routes: {ofCarrier: () => ({interactive: [], bulk: []}), find: () => channel},
    gates: {
      isOpen: () => false,
      isPaused: () => false,
      holdsBack: (_: string, text: {phone: string}) => text.phone === 'held',
    },
    ...around,
  } as unknown as ToCarrierOptions);
  return {left, probe: () => probe(queue), stop};
}

const queue = 'outbound|acme|c1|a|bulk';

type Told = 'taken' | 'refused' | 'unknown' | 'parking' | 'busy' | 'throttled';

function toOutcome(told: Told): Outcome {
  const {reason} = suspended;
  if (told === 'taken') return {kind: told};
  if (told === 'refused') return {kind: told, scope: 'message', reason};
  if (told === 'unknown') return {kind: told, reason};
  if (told === 'parking') return suspended;
  return {...suspended, scope: told === 'busy' ? 'message' : told};
}

const probes = test.macro({
  async exec(t, texts: ReadonlyArray<'held' | 'free'>, told: Told | undefined, isOpened: boolean, left: number) {
    const parked = startParked(texts, told === undefined ? [] : [toOutcome(told)]);
    t.teardown(parked.stop);
    t.is(await parked.probe(), isOpened);
    t.is(parked.left.length, left);
  },
  title: (_, texts: readonly string[], told = 'nothing', isOpened) =>
    `a probe of ${texts.join(', ') || 'an empty queue'}: ${told} ${isOpened ? 'opens' : 'does not open'} the queue`,
});

test(probes, ['free', 'free'], 'taken', true, 1);
test(probes, ['free', 'free'], 'refused', true, 1);
test(probes, ['free', 'free'], 'throttled', true, 1);
test(probes, ['free', 'free'], 'parking', false, 1);
test(probes, ['free', 'free'], 'unknown', false, 1);
test(probes, ['free', 'free'], 'busy', false, 1);
test(probes, ['held', 'held', 'free', 'free'], 'parking', false, 1);
test(probes, ['held', 'free', 'free'], 'taken', true, 1);
test(probes, ['held'], undefined, false, 0);
test(probes, [], undefined, true, 0);

/** How many of many texts a carrier with a window of ten is handed while nothing of what came of them is written down yet. */
async function countHanded(answer: Told, segments = 1): Promise<number> {
  const jobs = 50;
  let [claimed, handed] = [0, 0];
  const {promise: written, resolve: write} = Promise.withResolvers<boolean>();
  const {pump, stop} = createToCarrier({
    store: {
      claim: async (_: string[], limit: number) =>
        Array.from({length: Math.min(limit, jobs - claimed)}, () => {
          claimed += 1;
          const outbound = {messageId: `m${claimed}`, platform: 'acme', channel: 'c1', to: '+14155550100'};
          const work = {kind: 'outbound', outbound, priority: 'bulk', acceptedAs: 'bulk', segments: [], optedOut: []};
          return {job: claimed, queue, attempts: 0, acceptedAt: 0, expiresAt: Date.now() + 60_000, work};
        }),
      start: async () => true,
      settle: () => written,
    },
    name: 'a',
    carrier: () => ({
      name: 'a',
      window: () => 10,
      plan: () => ({name: 'gsm7', segments}),
      async send() {
        handed += 1;
        await new Promise(setImmediate);
        return toOutcome(answer);
      },
    }),
    routes: {
      ofCarrier: () => ({interactive: [], bulk: [queue]}),
      find: () => ({platform: 'acme', id: 'c1', carriers: [{carrier: 'a'}], receiptWithinMs: 0}),
    },
    gates: {isOpen: () => true, isPaused: () => false, holdsBack: () => false},
    ...around,
  } as unknown as ToCarrierOptions);
  pump.wakeAll();
  for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
  const seen = handed;
  write(false);
  await stop();
  return seen;
}

test('a text that was taken leaves the window to the next while it is written down, within a bound; one that was refused, or goes on, keeps it', async t => {
  t.is(await countHanded('taken'), 20);
  t.is(await countHanded('refused'), 10);
  t.is(await countHanded('taken', 2), 10);
});
