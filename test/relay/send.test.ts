import test from 'ava';
import {createSend, type SendOptions} from '../../src/relay/send.ts';
import type {Claim, Settlement} from '../../src/store/store.ts';
import {silent} from '../store/silent.ts';

interface Meanwhile {
  /** Under which name this replica is known. */
  standing: number | undefined;
  now: number;
}

/** One text that has to wait for its turn; what happens `meanwhile`, and what came of it. */
async function sendInTurn(meanwhile: Partial<Meanwhile>) {
  const world: Meanwhile = {standing: 3, now: 1000};
  const turn = Promise.withResolvers<void>();
  const submissions: Array<{sendWithinMs: number}> = [];
  const settled: Settlement[] = [];
  let givenBack = 0;
  const {send} = createSend({
    store: {
      start: async () => true,
      async settle(settlement: Settlement) {
        settled.push(settlement);
        return true;
      },
      replicas: {standing: () => world.standing},
    },
    name: 'a',
    carrier: () => ({
      name: 'a',
      plan: () => ({name: 'gsm7', segments: 1}),
      async send(submission: {sendWithinMs: number}) {
        submissions.push(submission);
        return {kind: 'taken', carrierMessageId: 'c1'};
      },
    }),
    places: {
      leave: () => turn.promise,
      succeeded() {},
      giveBack() {
        givenBack += 1;
      },
    },
    findChannel: () => ({carriers: [{carrier: 'a'}], receiptWithinMs: 0}),
    gates: {holdsBack: () => false, isPaused: () => false},
    guard: {ask: () => undefined, counts: () => false},
    health: {learn: () => false},
    log: silent,
    meter: {submitted() {}, responded() {}, ended() {}},
    now: () => world.now,
    noise: () => 0,
  } as unknown as SendOptions);
  const outbound = {messageId: 'm1', platform: 'acme', channel: 'c1', to: '+14155550100'};
  const work = {kind: 'outbound', outbound, priority: 'bulk', acceptedAs: 'bulk', segments: [], optedOut: []};
  const claim = {
    job: 4,
    fence: 7,
    holder: 3,
    queue: 'outbound|acme|c1|a|bulk',
    attempts: 0,
    acceptedAt: 0,
    expiresAt: 5000,
    work,
  };
  const sending = send(claim as unknown as Claim);
  await new Promise(resolve => setImmediate(resolve));
  Object.assign(world, meanwhile);
  turn.resolve();
  await sending;
  return {submissions, settled, givenBack};
}

test('what has waited for its turn leaves, for as long as it may take from then on', async t => {
  const {submissions, settled} = await sendInTurn({now: 4000});
  t.deepEqual(
    submissions.map(({sendWithinMs}) => sendWithinMs),
    [1000],
  );
  t.like(settled, [{to: 'taken', segment: 0, attempt: 1}]);
});

const stays = test.macro({
  async exec(t, meanwhile: Partial<Meanwhile>) {
    const {submissions, settled, givenBack} = await sendInTurn(meanwhile);
    t.deepEqual(submissions, []);
    t.like(settled, [{to: 'retry', segment: 0, attempt: 1, counts: false}]);
    t.is(givenBack, 0, 'its place is used up');
  },
  title: (why = '') => `what has waited for its turn stays when ${why}`,
});

test('others may have taken it over', stays, {standing: undefined});
test('this replica has come back under another name', stays, {standing: 4});
test('its time is over', stays, {now: 5000});
