import type {ExecutionContext} from 'ava';
import type {PartEvent, ReceiptEvent} from '../../../src/core/event.ts';
import {outboundQueue, postQueue} from '../../../src/core/queue.ts';
import type {StoreOptions} from '../../../src/store/index.ts';
import type {Claim, MessageRecord, NewInbound, NewOutbound, Settlement, Store} from '../../../src/store/store.ts';
import type {Secrecy} from '../../../src/store/vault.ts';

/** What the cases of the contract are run with, whatever the engine. */
export interface Opened {
  store: Store;
  /** The store's clock, ms. */
  clock: {now: number};
  /** Every queue `onReady` has named. */
  ready: string[];
  /** As after a crash: the same data under a new store, nobody holds a claim. */
  reopen(secrecy?: Secrecy): Promise<Store>;
}

export type OpenFresh = (
  t: ExecutionContext,
  options?: {maxOutbound?: number; maxOutboundPerPlatform?: number; secrecy?: Secrecy; offer?: StoreOptions['offer']},
) => Promise<Opened>;

export const startOfTime = 1_800_000_000_000;
export const phone = '+14155550100';
export const bulk = outboundQueue('acme', 'c1', 'smsc', 'bulk');
export const interactive = outboundQueue('acme', 'c1', 'smsc', 'interactive');
export const inboundQueue = postQueue('inbound', 'acme', 'c1');
export const receiptQueue = postQueue('receipt', 'acme', 'c1');
export const everyOutbound = [interactive, bulk];

export function toOutbound(
  messageId: string,
  {
    to = phone,
    channel = 'c1',
    text = 'hello',
    ...rest
  }: Partial<NewOutbound> & {to?: string; channel?: string; text?: string} = {},
): NewOutbound {
  const outbound = {messageId, platform: 'acme', channel, from: '+16504661149', to, text, media: [], traceId: 'a1'};
  const times = {replyWindowMs: 86_400_000, expiresInMs: 3_600_000};
  return {outbound, raw: '{"body": 1}', priority: 'bulk', carrier: 'smsc', ...times, ...rest};
}

export function toInbound(
  messageId: string,
  {from = phone, platform = 'acme', ...rest}: Partial<NewInbound> & {from?: string; platform?: string} = {},
): NewInbound {
  const parties = {platform, channel: 'c1', carrier: 'smsc', from, to: '+16504661149'};
  const content = {text: 'hi there', media: [], traceId: 'b2', receivedAt: startOfTime};
  return {inbound: {messageId, ...parties, ...content}, ...rest};
}

export function toReceipt(carrierMessageId: string | undefined, rest: Partial<ReceiptEvent> = {}): ReceiptEvent {
  const state = rest.state ?? 'delivered';
  return {
    carrierMessageId,
    state,
    final: true,
    receivedAt: startOfTime,
    raw: `id:${carrierMessageId} stat:${state}`,
    ...rest,
  };
}

export function toPart(part: number, rest: Partial<PartEvent> = {}): PartEvent {
  const own = {part, total: 3, group: 'g1', body: `0${part}`, coding: '0', fingerprint: `f${part}`};
  return {from: phone, to: '+16504661149', receivedAt: startOfTime, ...own, ...rest};
}

export async function claimOne(store: Store, queues: string[] = everyOutbound): Promise<Claim> {
  const [claim] = await store.claim(queues, 1);
  if (claim === undefined) throw new Error(`nothing to claim in ${queues.join(', ')}`);
  return claim;
}

export function startSegment(store: Store, {job, fence, attempts}: Claim, segment = 0, segments = 1): Promise<boolean> {
  return store.start({job, fence, segment, attempt: attempts + 1, carrier: 'smsc', plan: {name: 'gsm7', segments}});
}

export function settleTaken(store: Store, claim: Claim, carrierMessageId?: string, segment = 0): Promise<boolean> {
  const {job, fence, attempts} = claim;
  const known = {segment, attempt: attempts + 1, carrierMessageId, receiptWithinMs: 10_000};
  return store.settle({job, fence, events: [], to: 'taken', ...known});
}

export function settleUnknown(store: Store, {job, fence, attempts}: Claim, segment = 0): Promise<boolean> {
  return store.settle({job, fence, events: [], to: 'unknown', segment, attempt: attempts + 1, watchInMs: 5000});
}

export function settleRetry(
  store: Store,
  claim: Claim,
  rest: Partial<Settlement & {to: 'retry'}> = {},
): Promise<boolean> {
  const {job, fence} = claim;
  return store.settle({job, fence, events: [], to: 'retry', dueInMs: 0, counts: true, ...rest});
}

export function settlePosted(store: Store, {job, fence}: Claim): Promise<boolean> {
  return store.settle({job, fence, events: [], to: 'posted'});
}

/** Accepts, claims, starts and settles a text of one segment. */
export async function sendOne(store: Store, messageId: string, carrierMessageId: string, to?: string): Promise<void> {
  await store.acceptOutbound(toOutbound(messageId, to === undefined ? {} : {to}));
  const claim = await claimOne(store);
  await startSegment(store, claim);
  await settleTaken(store, claim, carrierMessageId);
}

/** Accepts and starts a text and never hears of its segment again. */
export async function loseOne(store: Store, messageId: string, {to = phone, segments = 1} = {}): Promise<void> {
  await store.acceptOutbound(toOutbound(messageId, {to}));
  const claim = await claimOne(store);
  await startSegment(store, claim, 0, segments);
  await settleUnknown(store, claim);
}

export async function recordOf(store: Store, messageId: string): Promise<MessageRecord> {
  const record = await store.get(messageId, true);
  if (record === undefined) throw new Error(`no message ${messageId}`);
  return record;
}

export async function stateOf(store: Store, messageId: string): Promise<string> {
  return (await recordOf(store, messageId)).state;
}

export async function eventsOf(store: Store, messageId: string): Promise<string[]> {
  return (await recordOf(store, messageId)).events.map(({event}) => event);
}

/** The status of each receipt waiting to be posted; posts them. */
export async function postReceipts(store: Store): Promise<string[]> {
  const claims = await store.claim([receiptQueue], 100);
  for (const claim of claims) await settlePosted(store, claim);
  return claims.map(({work}) => (work.kind === 'receipt' ? work.receipt.status : work.kind));
}
