import {toDestination} from '../../src/core/queue.ts';
import type {Engine} from '../../src/store/sqlite/engine.ts';
import type {Call} from '../../src/store/sqlite/protocol.ts';
import type {Claim, Settlement, Start} from '../../src/store/store.ts';
import * as kit from './contract/kit.ts';

/** Whatever may happen to a store, in whatever order chance brings it. */
export interface World {
  engine: Engine;
  /** Claims not settled yet. */
  held: Claim[];
  /** Tries that were given up, of which somebody may still know something. */
  lost: Array<Held & {segment: number; attempt: number}>;
  now: number;
  /** Messages so far. */
  made: number;
}

type Held = Pick<Settlement, 'job' | 'fence' | 'events'>;

export interface Step {
  kind: (typeof kinds)[number];
  dice: number;
}

export const kinds = [
  ...(['accept', 'accept', 'urgent', 'inbound', 'claim', 'claim', 'claim', 'start', 'taken', 'taken'] as const),
  ...([
    'retry',
    'aside',
    'unknown',
    'unknown',
    'unknown',
    'ended',
    'posted',
    'receipt',
    'own receipt',
    'requeue',
    'requeue',
    'requeue',
  ] as const),
  ...([
    'give up',
    'as sent',
    'late',
    'late word',
    'late word',
    'purge',
    'replay',
    'time',
    'hour',
    'prune',
    'prune',
  ] as const),
];

const phones = ['+14155550101', '+14155550101', '+14155550102'];
const destinations = [...new Set([kit.bulk, kit.inboundQueue, kit.receiptQueue].map(toDestination))];
const queues = [kit.interactive, kit.bulk, kit.inboundQueue, kit.receiptQueue];
const reason = {code: 'GeneralError', message: 'so it went'};

export function takeStep(world: World, {kind, dice}: Step): void {
  const call = toCall(world, kind, dice);
  if (call === undefined) return;
  const value = carryOut(world, call, dice % 3);
  if (kind === 'claim') world.held.push(...(value as Claim[]));
}

/** @param places at every destination for what comes of it */
function carryOut(world: World, call: Call, places = 0): unknown {
  const rooms = destinations.map(destination => ({destination, places, except: [kit.bulk].slice(places % 2)}));
  const {
    results: [result],
    claims,
  } = world.engine.group(world.now, [call], rooms);
  world.held.push(...claims);
  if (result === undefined || 'failed' in result) throw new Error(`${call[0]} failed: ${JSON.stringify(result)}`);
  return result.value;
}

function toCall(world: World, kind: Step['kind'], dice: number): Call | undefined {
  const to = phones[dice % phones.length] ?? '';
  const messageId = `m${Math.max(0, world.made - 1 - (dice % 3))}`;
  const receipt = kit.toReceipt(`id${dice % 9}`, {state: dice % 3 === 0 ? 'failed' : 'delivered', raw: String(dice)});
  const late = {to: 'late', segment: 0, attempt: 1, receiptWithinMs: 0, reason};
  switch (kind) {
    case 'accept':
      return ['acceptOutbound', [kit.toOutbound(`m${world.made++}`, {to, ...toStart(dice)})]];
    case 'urgent':
      return ['acceptOutbound', [kit.toOutbound(`m${world.made++}`, {to, priority: 'interactive', ...toStart(dice)})]];
    case 'inbound':
      return ['acceptInbound', [kit.toInbound(`m${world.made++}`, {from: to})]];
    case 'claim':
      return ['claim', [queues, (dice % 3) + 1]];
    case 'receipt':
      return ['receipt', ['smsc', receipt]];
    case 'own receipt':
      return ['receipt', ['smsc', {...receipt, carrierMessageId: undefined, messageId}]];
    case 'requeue':
      return ['resolve', [{messageId, events: [], to: 'requeue'}]];
    case 'give up':
      return ['resolve', [{messageId, events: [], to: 'failed', reason}]];
    case 'as sent':
      return ['resolve', [{messageId, events: [], to: 'sent', receiptWithinMs: 0}]];
    case 'late':
      return ['resolve', [{messageId, events: [], ...late, taken: dice % 2 === 0}]];
    case 'late word':
      return toLateWord(world, dice);
    case 'purge':
      return ['purge', [{queues: [kit.bulk], reason, limit: 1}]];
    case 'replay':
      return ['replay', [messageId, 60_000]];
    case 'prune':
      return ['prune', [{textMs: 10_000, allMs: 20_000, auditMs: 20_000, parkedReceiptMs: 1000, limit: 3}]];
    case 'time':
      world.now += dice * 10;
      return undefined;
    case 'hour':
      world.now += 3_600_000;
      return undefined;
    default:
      return toHeldCall(world, kind, dice);
  }
}

/** Some texts begin as they are claimed, where there is room. */
function toStart(dice: number): {start?: Start['plan']} {
  return dice % 4 === 0 ? {} : {start: {name: 'gsm7', segments: 1 + (dice % 2)}};
}

/** It has not left after all, or it was refused; now and then it is said twice. */
function toLateWord({lost}: World, dice: number): Call | undefined {
  const tried = lost[dice % Math.max(1, lost.length)];
  if (tried === undefined) return undefined;
  if (dice % 5 > 0) lost.splice(lost.indexOf(tried), 1);
  if (dice % 2 === 0) return ['settle', [{...tried, to: 'retry', dueInMs: 0, counts: true}]];
  const refused = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'};
  return ['settle', [{...tried, ...refused}]];
}

function toHeldCall(world: World, kind: Step['kind'], dice: number): Call | undefined {
  const claim = world.held.splice(dice % Math.max(1, world.held.length), 1)[0];
  if (claim === undefined) return undefined;
  const held = {job: claim.job, fence: claim.fence, events: []};
  const retry = {...held, to: 'retry', dueInMs: (dice % 3) * 100, counts: true};
  if (claim.work.kind !== 'outbound') return ['settle', [kind === 'retry' ? retry : {...held, to: 'posted'}]];
  const unsent = claim.work.isStarted === true && {isUnsent: true};
  if (kind === 'aside') return ['settle', [{...retry, ...unsent, aside: true}]];
  if (unsent && kind === 'retry') return ['settle', [{...retry, ...unsent}]];
  if (unsent && kind === 'ended') {
    return [
      'settle',
      [{...held, to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'country', ...unsent}],
    ];
  }
  const segment = claim.work.segments.filter(({state}) => state === 'taken').length;
  const attempt = claim.attempts + 1;
  const plan = claim.work.plan ?? {name: 'gsm7', segments: Math.floor(claim.job / 4) % 2 === 0 ? 2 : 1};
  if (segment >= plan.segments) return ['settle', [retry]];
  const start = {job: claim.job, fence: claim.fence, segment, attempt, carrier: 'smsc', plan};
  if (!unsent && !carryOut(world, ['start', [start]])) return ['settle', [retry]];
  claim.work.isStarted = false;
  switch (kind) {
    case 'retry':
      return ['settle', [{...retry, segment, attempt}]];
    case 'unknown':
      world.lost.push({...held, segment, attempt});
      return ['settle', [{...held, to: 'unknown', segment, attempt, watchInMs: 1000}]];
    case 'ended':
      return [
        'settle',
        [{...held, to: 'ended', state: 'failed', by: 'carrier', reason, segment, attempt, deadLetter: 'refused'}],
      ];
    default:
      if (segment + 1 < plan.segments) {
        claim.work.segments.push({index: segment, state: 'taken', attempt});
        world.held.push(claim);
      }
      return [
        'settle',
        [{...held, to: 'taken', segment, attempt, carrierMessageId: `id${dice % 9}`, receiptWithinMs: 0}],
      ];
  }
}
