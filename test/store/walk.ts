import type {ReceiptEvent} from '../../src/core/event.ts';
import {outboundQueue, postQueue} from '../../src/core/queue.ts';
import type {ReceiptState} from '../../src/core/state.ts';
import type {Claim, Resolution, Settlement, Store} from '../../src/store/store.ts';
import type {Random} from '../helpers/crash/random.ts';
import * as kit from './contract/kit.ts';

/** One claim as each of two stores gave it: they differ in the fence alone. */
type Both = readonly [Claim, Claim];

export interface WalkOptions {
  random: Random;
  /** Carries this out on both stores; throws when they answer differently. */
  both(name: keyof Store, ...args: unknown[]): Promise<readonly [unknown, unknown]>;
  /** The same, where each store has words of its own. */
  each(name: 'start' | 'settle', args: readonly [object, object]): Promise<unknown>;
  setTime(now: number): void;
  /** As after a crash. */
  reopen(): Promise<void>;
}

const channels = ['c1', 'c2'];
const carriers = ['smsc', 'other'] as const;
const phones = ['+14155550101', '+14155550102', '+442071838750'] as const;
const outbound = channels.flatMap(channel =>
  carriers.flatMap(carrier => {
    const toName = (priority: 'interactive' | 'bulk') => outboundQueue('acme', channel, carrier, priority);
    return [toName('interactive'), toName('bulk')];
  }),
);
const posts = channels.flatMap(channel => [
  postQueue('inbound', 'acme', channel),
  postQueue('receipt', 'acme', channel),
]);
const reason = {code: 'GeneralError', message: 'so it went'} as const;
const keep = {textMs: 10_000, allMs: 2_000_000, auditMs: 20_000, parkedReceiptMs: 1_000_000, limit: 30};

/** Whatever may happen to a store, in whatever order chance brings it. */
export function createWalk({random, both, each, setTime, reopen}: WalkOptions) {
  const {between, chance, pick} = random;
  let held: Both[] = [];
  let made = 0;
  let now = kit.startOfTime;

  const kinds: ReadonlyArray<readonly [share: number, take: () => Promise<unknown>]> = [
    [17, accept],
    [3, () => both('acceptInbound', kit.toInbound(newId(), {from: pick(phones)}))],
    [18, claim],
    [30, settleOne],
    [10, () => both('receipt', pick(carriers), toReceipt())],
    [8, () => both('resolve', toResolution())],
    [2, () => both('replay', someId(), 60_000, chance(0.3) ? {carrier: 'other'} : {})],
    [2, () => both('dueWatches', 500)],
    [1, () => both('purge', {queues: [pick(['', ...outbound])], reason, limit: 2})],
    [1, () => both('purgeTexts', {queues: outbound, reason, limit: 3, texts: {phone: pick(phones)}})],
    [1, () => both('hastenTexts', {queues: outbound, limit: 50, texts: {phone: pick(phones)}})],
    [
      1,
      () => both('purgePhone', {channels: [{platform: 'acme', channel: 'c1'}], phone: pick(phones), reason, limit: 3}),
    ],
    [2, () => both('prune', keep)],
    [1, readAgain],
    [1, forget],
    [1, restart],
    [3, wait],
  ];
  const deck = kinds.flatMap(([share, take]) => Array.from({length: share}, () => take));

  function newId(): string {
    made += 1;
    return `m${made}`;
  }

  /** Of the last ones. */
  function someId(): string {
    return `m${between(Math.max(1, made - 6), Math.max(1, made))}`;
  }

  function toText() {
    const rest = {expiresInMs: pick([3_600_000, 60_000, 5000]), carrier: chance(0.8) ? 'smsc' : 'other'};
    const priority = chance(0.3) ? ('interactive' as const) : ('bulk' as const);
    return {to: pick(phones), channel: chance(0.8) ? 'c1' : 'c2', priority, ...rest};
  }

  function accept() {
    return both('acceptOutbound', kit.toOutbound(newId(), toText()));
  }

  async function claim(): Promise<void> {
    const queues = [...outbound, ...posts].sort(() => random.next() - 0.5);
    const isOverdue = chance(0.1);
    const [one, other] = isOverdue
      ? await both('claimOverdue', outbound, 3)
      : await both('claim', queues, between(1, 4));
    for (const [index, own] of (one as Claim[]).entries()) held.push([own, (other as Claim[])[index] ?? own]);
  }

  function settle(claims: Both, rest: object): Promise<unknown> {
    const toSettlement = ({job, fence}: Claim) => ({job, fence, events: [], ...rest}) as unknown as Settlement;
    return each('settle', [toSettlement(claims[0]), toSettlement(claims[1])]);
  }

  async function settleOne(): Promise<unknown> {
    const [claims] = held.splice(between(0, Math.max(0, held.length - 1)), 1);
    if (claims === undefined) return;
    const [{work}] = claims;
    const retry = {to: 'retry', dueInMs: between(0, 2) * 500, counts: chance(0.5)};
    if (work.kind !== 'outbound') return settlePost(claims, retry, work.kind === 'inbound');
    if (chance(0.06)) return settle(claims, {to: 'retry', dueInMs: 2000, counts: false, aside: true});
    if (chance(0.08)) return settle(claims, {...retry, ...(chance(0.3) && {carrier: 'other'})});
    return send(claims, retry);
  }

  function settlePost(claims: Both, retry: object, isInbound: boolean): Promise<unknown> {
    const dice = random.next();
    if (dice < 0.3) return settle(claims, retry);
    if (dice >= 0.5) return settle(claims, {to: 'posted'});
    const deadLetter = isInbound ? {deadLetter: 'post_refused'} : {};
    return settle(claims, {to: 'ended', state: 'failed', by: 'policy', reason, ...deadLetter});
  }

  async function send(claims: Both, retry: object): Promise<void> {
    const [{work, attempts, queue}] = claims;
    if (work.kind !== 'outbound') return;
    const count = work.plan?.segments ?? between(1, 3);
    const attempt = attempts + 1;
    const isLeft = (segment: number) => work.segments.every(({index, state}) => index !== segment || state === 'idle');
    const segment = Array.from({length: count}, (_, index) => index).find(isLeft);
    const taken = {to: 'taken', attempt, receiptWithinMs: 3000};
    if (segment === undefined) return void (await settle(claims, {...taken, segment: count - 1}));
    const [, , , carrier = ''] = queue.split('|');
    const begun = {segment, attempt, carrier, plan: {name: 'gsm7', segments: count}};
    const toStart = ({job, fence}: Claim) => ({job, fence, ...begun});
    if ((await each('start', [toStart(claims[0]), toStart(claims[1])])) !== true) return;
    await meanwhile();
    const dice = random.next();
    if (dice < 0.2) return void (await settle(claims, {...retry, segment, attempt}));
    if (dice < 0.4) return void (await settle(claims, {to: 'unknown', segment, attempt, watchInMs: 1000}));
    const refused = {to: 'ended', state: 'failed', by: 'carrier', reason, segment, attempt, deadLetter: 'refused'};
    if (dice < 0.5) return void (await settle(claims, refused));
    const id = chance(0.9) ? {carrierMessageId: `${between(1, 9)}`} : {};
    await settle(claims, {...taken, segment, ...id});
    if (segment + 1 === count) return;
    work.plan = begun.plan;
    work.segments = [
      ...work.segments.filter(({index}) => index !== segment),
      {index: segment, state: 'taken', attempt},
    ];
    held.push(claims);
  }

  function toReceipt(): ReceiptEvent {
    const state = pick<ReceiptState>(['delivered', 'failed', 'sent', 'expired']);
    const ours = chance(0.3) ? {messageId: someId(), ...(chance(0.3) && {attempt: between(1, 3)})} : {};
    const id = 'messageId' in ours && chance(0.7) ? undefined : `${between(1, 9)}`;
    const code = chance(0.3) ? ('RecipientOptedOut' as const) : reason.code;
    return kit.toReceipt(id, {
      state,
      final: state !== 'sent' || chance(0.5),
      raw: String(between(0, 1000)),
      receivedAt: now,
      ...ours,
      ...(chance(0.5) && {phone: pick(phones)}),
      ...(chance(0.2) && {coversMessage: true}),
      ...(state === 'failed' && id !== undefined && chance(0.3) && {again: {inMs: between(0, 1) * 1000, times: 2}}),
      ...(state !== 'delivered' && chance(0.3) && {reason: {...reason, code}}),
    });
  }

  function toResolution(): Resolution {
    const given = {messageId: someId(), events: []};
    const answered = {segment: between(0, 1), attempt: between(1, 3), taken: chance(0.6), receiptWithinMs: 1000};
    return pick<Resolution>([
      {...given, to: 'requeue'},
      {...given, to: 'requeue', was: 'unknown'},
      {...given, to: 'failed', reason, deadLetter: 'given_up'},
      {...given, to: 'sent', receiptWithinMs: 5000},
      {...given, to: 'hold', watchInMs: 1000, was: 'unknown', deadLetter: 'unknown'},
      {...given, to: 'quiet', ...(chance(0.5) && {tell: 'failed', reason})},
      {...given, to: 'late', ...answered, reason, carrierMessageId: `${between(1, 9)}`},
    ]);
  }

  /** What nobody could read, and then somebody could: delivered again meanwhile or not. */
  async function readAgain(): Promise<void> {
    const messageId = newId();
    const ownId = `own ${messageId}`;
    const named = {messageId, platform: 'acme', channel: 'c1', traceId: 'a1'};
    await both('acceptUnreadable', {...named, raw: '{}', why: 'it is odd'});
    if (chance(0.5)) await both('acceptOutbound', kit.toOutbound(ownId, toText()));
    await both('replaceUnreadable', {...kit.toOutbound(messageId, toText()), ownId});
  }

  async function forget(): Promise<void> {
    const phone = pick(phones);
    await both('orderForget', {phone, by: 'ops', atOnce: chance(0.5)});
    await both('forgetMore', phone, undefined, 50);
    await both('forgetRest', phone);
  }

  async function restart(): Promise<void> {
    held = [];
    await reopen();
  }

  async function wait(): Promise<void> {
    now += chance(0.1) ? 3_600_000 : between(1, 100) * 20;
    setTime(now);
  }

  /** While something is on its way. */
  async function meanwhile(): Promise<void> {
    if (chance(0.3)) await step();
    if (chance(0.05)) await restart();
  }

  async function step(): Promise<void> {
    await (deck[between(0, deck.length - 1)] ?? wait)();
  }

  return step;
}
