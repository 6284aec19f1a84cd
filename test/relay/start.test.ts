import test from 'ava';
import type {Plan} from '../../src/carriers/carrier.ts';
import type {Channel} from '../../src/core/channel.ts';
import type {Outbound} from '../../src/core/message.ts';
import {createFirstStart, type FirstStartOptions} from '../../src/relay/first-start.ts';
import type {Work} from '../../src/relay/prepare.ts';
import {createStart, isUnsent, type StartOptions} from '../../src/relay/start.ts';
import type {Claim} from '../../src/store/store.ts';
import {silent} from '../store/silent.ts';

const plan: Plan = {name: 'gsm7', segments: 1, airSegments: [1]};
const noted = {name: 'gsm7', segments: 1};

interface Waiting {
  /** Under which name this replica, which claimed it under 3, is known each time it asks; absent: there are no others. */
  standings?: Array<number | undefined>;
  /** For its turn. */
  waits?: boolean;
  now?: number;
}

/** What became of a text that was claimed like this, and is about to leave by `plan`. */
async function startOne(
  outbound: Partial<Work['outbound']>,
  answer: () => Promise<boolean> = async () => true,
  {standings, waits = false, now = 1000}: Waiting = {},
) {
  const [asked, givenBack] = [[] as unknown[], [] as unknown[]];
  const {start, mayStillLeave} = createStart({
    store: {
      start(began: unknown) {
        asked.push(began);
        return answer();
      },
      ...(standings && {replicas: {standing: () => standings.shift()}}),
    },
    name: 'smsc',
    async giveBack(claim: Claim) {
      givenBack.push({isUnsent: isUnsent(claim)});
    },
    async putOff(claim: Claim, started: unknown) {
      givenBack.push({isUnsent: isUnsent(claim), started});
    },
    log: silent,
    now: () => now,
  } as unknown as StartOptions);
  const work = {kind: 'outbound', priority: 'bulk', outbound: {messageId: 'm1'}, ...outbound};
  const claim = {job: 4, fence: 7, ...(standings && {holder: 3}), expiresAt: 2000, work};
  const begun = {claim, outbound: work, plan} as unknown as Work;
  const leaves = (await start(begun, 0, 1)) && (!waits || (await mayStillLeave(begun, {segment: 0, attempt: 1})));
  return {leaves, asked, givenBack, isUnsent: isUnsent(claim as Parameters<typeof isUnsent>[0])};
}

test('what has not begun is written down first', async t => {
  const {leaves, asked} = await startOne({});
  t.true(leaves);
  t.deepEqual(asked, [{job: 4, fence: 7, segment: 0, attempt: 1, carrier: 'smsc', plan: noted, priority: 'bulk'}]);
});

test('what the store does not let leave stays, and goes back where it could not be asked', async t => {
  t.like(await startOne({}, async () => false), {leaves: false, givenBack: []});
  t.like(await startOne({}, () => Promise.reject(new Error('away'))), {
    leaves: false,
    givenBack: [{isUnsent: false}],
  });
});

test('what began with its claim leaves without a word, once', async t => {
  t.deepEqual(await startOne({isStarted: true, plan: noted}), {
    leaves: true,
    asked: [],
    givenBack: [],
    isUnsent: false,
  });
});

test('it goes back unsent when it would travel otherwise by now', async t => {
  for (const other of [{name: 'ucs2', segments: 1}, {name: 'gsm7', segments: 2}, undefined]) {
    const told = await startOne({isStarted: true, plan: other});
    t.deepEqual(told, {
      leaves: false,
      asked: [],
      givenBack: [{isUnsent: true, started: undefined}],
      isUnsent: true,
    });
  }
});

test('among replicas nothing leaves that may have become another’s while it was written down', async t => {
  const begun = {isStarted: true, plan: noted};
  const yes = async () => true;
  const started = {segment: 0, attempt: 1};
  for (const work of [begun, {}]) t.like(await startOne(work, yes, {standings: [3]}), {leaves: true, givenBack: []});
  for (const now of [4, undefined]) {
    const told = await startOne(begun, yes, {standings: [now]});
    t.like(told, {leaves: false, givenBack: [{isUnsent: true, started: undefined}]});
    t.like(await startOne({}, yes, {standings: [now]}), {leaves: false, givenBack: [{isUnsent: false, started}]});
  }
});

test('nor what has waited for its turn until others may have taken it over, or its time was over', async t => {
  const begun = {isStarted: true, plan: noted};
  const yes = async () => true;
  const started = {segment: 0, attempt: 1};
  for (const work of [begun, {}]) {
    t.like(await startOne(work, yes, {standings: [3, 3], waits: true}), {leaves: true, givenBack: []});
    for (const late of [4, undefined]) {
      const told = await startOne(work, yes, {standings: [3, late], waits: true});
      t.like(told, {leaves: false, givenBack: [{isUnsent: false, started}]});
    }
  }
  t.like(await startOne({}, yes, {waits: true, now: 1999}), {leaves: true, givenBack: []});
  t.like(await startOne({}, yes, {waits: true, now: 2000}), {leaves: false, givenBack: [{isUnsent: false, started}]});
});

const channel = {carriers: [{carrier: 'smsc'}]} as unknown as Channel;

function planFirst(change: Partial<FirstStartOptions>, text: Partial<Outbound> = {}, of = channel) {
  const firstStart = createFirstStart({
    carrier: () => ({name: 'smsc', plan: () => plan}),
    guard: {mayStartFirst: () => true},
    hasRoom: () => true,
    ...change,
  });
  return firstStart(of, {messageId: 'm1', ...text} as Outbound);
}

test('a text that comes begins with its claim unless something speaks against it', t => {
  t.deepEqual(planFirst({}), noted);
  t.is(planFirst({hasRoom: () => false}), undefined);
  t.is(planFirst({guard: {mayStartFirst: () => false}}), undefined);
  t.is(planFirst({}, {unsupported: 'a location'}), undefined);
  t.is(planFirst({}, {}, {carriers: [{carrier: 'other'}]} as unknown as Channel), undefined);
  const refused = {kind: 'refused', scope: 'message', reason: {code: 'GeneralError', message: 'too long'}} as const;
  t.is(planFirst({carrier: () => ({name: 'smsc', plan: () => refused})}), undefined);
  const faulty = () => {
    throw new Error('a fault');
  };
  t.is(planFirst({carrier: () => ({name: 'smsc', plan: faulty})}), undefined);
});
