import type {Claim, Store} from '../../src/store/store.ts';
import {inParallel} from './load.ts';
import {receiptQueue, textCarrier, textQueue, toText} from './texts.ts';

/** As many as the relay claims at once for a window of its size. */
const batch = 100;
const workers = 5;
const atOnce = 2000;

/** Texts `first` and on, accepted as fast as the store takes them. */
export async function takeIn(store: Store, first: number, count: number): Promise<void> {
  await inParallel(atOnce, count, async index => {
    const {result} = await store.acceptOutbound(toText(first + index));
    if (result !== 'stored') throw new Error(`Text ${first + index} was ${result}, not stored.`);
  });
}

/** Claims as a window's, given back by nobody: so many heads leave the queue. */
export async function claim(store: Store, count: number): Promise<void> {
  for (let left = count; left > 0; ) left -= (await claimSome(store, textQueue, Math.min(left, batch))).length;
}

/** Whole lives, each to its last write: accepted, claimed, started, taken, delivered, told. */
export async function live(store: Store, first: number, count: number): Promise<void> {
  const batches = Math.ceil(count / batch);
  await inParallel(workers, batches, async index => {
    const size = Math.min(batch, count - index * batch);
    const accepted = Array.from({length: size}, (_, each) =>
      store.acceptOutbound(toText(first + index * batch + each)),
    );
    await Promise.all(accepted);
    const ids = await Promise.all((await claimAll(store, textQueue, size)).map(each => send(store, each)));
    await Promise.all(ids.map(id => deliver(store, id)));
    await Promise.all((await claimAll(store, receiptQueue, size)).map(each => tell(store, each)));
  });
}

async function claimAll(store: Store, queue: string, count: number): Promise<Claim[]> {
  const all: Claim[] = [];
  while (all.length < count) all.push(...(await claimSome(store, queue, count - all.length)));
  return all;
}

/** Others may hold what is next for a moment; nothing for long is a fault. */
async function claimSome(store: Store, queue: string, limit: number): Promise<Claim[]> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const claims = await store.claim([queue], limit);
    if (claims.length > 0) return claims;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error(`Nothing could be claimed from ${queue}: a text was lost.`);
}

async function send(store: Store, {job, fence, work}: Claim): Promise<string> {
  const carrierMessageId = work.kind === 'outbound' ? work.outbound.messageId : '';
  const plan = {name: 'gsm7', segments: 1};
  need(await store.start({job, fence, segment: 0, attempt: 1, carrier: textCarrier, plan}), 'started');
  const events = [{event: 'send_taken', detail: {segment: 0}}];
  const taken = {segment: 0, attempt: 1, carrierMessageId, receiptWithinMs: 172_800_000};
  need(await store.settle({job, fence, events, to: 'taken', ...taken}), 'settled as taken');
  return carrierMessageId;
}

async function deliver(store: Store, carrierMessageId: string): Promise<void> {
  const raw = 'id:0 sub:001 dlvrd:001 submit date:2611202300 done date:2611202300 stat:DELIVRD err:000';
  const receipt = {carrierMessageId, state: 'delivered', final: true, receivedAt: Date.now(), raw} as const;
  need((await store.receipt(textCarrier, receipt)) === 'matched', 'found by its receipt');
}

async function tell(store: Store, {job, fence}: Claim): Promise<void> {
  need(await store.settle({job, fence, events: [{event: 'posted'}], to: 'posted'}), 'settled as posted');
}

function need(done: boolean, what: string): void {
  if (!done) throw new Error(`A text could not be ${what}: it was lost, or two had it.`);
}
