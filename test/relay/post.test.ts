import test from 'ava';
import type {Log} from '../../src/core/log.ts';
import {createPost, type PostOptions} from '../../src/relay/post.ts';
import type {Claim, Settlement} from '../../src/store/store.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};
const hourMs = 3_600_000;
const now = 1_800_000_000_000;
const receipt = {status: 'Failed', final: true, reasons: [], at: now};

/** What becomes of the tenth post in vain of a receipt that is owed for so long, of a text of two days ago. */
async function settleTenth(owedForMs: number): Promise<string> {
  const settlements: Settlement[] = [];
  const store = {settle: async (settlement: Settlement) => settlements.push(settlement) > 0};
  const {attempt, end} = createPost({
    store,
    name: 'acme',
    platform: () => ({post: async () => ({kind: 'unknown', reason: {code: 'ServerError', message: 'no answer'}})}),
    healthOf: () => ({learn: () => false}),
    meter: {posted() {}},
    log: silent,
    now: () => now,
    noise: () => 1,
  } as unknown as PostOptions);
  const times = {acceptedAt: now - 48 * hourMs, expiresAt: now - owedForMs};
  const work = {kind: 'receipt', messageId: 'm1', traceId: 'a1', channel: 'c1', receipt};
  const claim = {job: 1, fence: 1, queue: 'receipt|acme|c1||', attempts: 9, ...times, work} as unknown as Claim;
  await end(await attempt(claim));
  return settlements.map(({to}) => to).join();
}

test('a receipt that comes two days after its text has a day to be posted', async t => {
  t.is(await settleTenth(hourMs), 'retry');
  t.is(await settleTenth(25 * hourMs), 'ended');
});
