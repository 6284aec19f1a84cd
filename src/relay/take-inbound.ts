import {toAddress} from '../core/address.ts';
import {type Channel, entriesOf} from '../core/channel.ts';
import type {HeldPart, InboundAnswer, InboundEvent, PartEvent} from '../core/event.ts';
import {derive} from '../core/live.ts';
import type {Log} from '../core/log.ts';
import type {Inbound} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import type {Tracer} from '../core/tracer.ts';
import type {Store} from '../store/store.ts';
import {readConsent} from './consent-orders.ts';
import {toMessageId} from './identity.ts';
import {createTurns} from './in-turn.ts';

export interface TakeInboundOptions {
  store: Store;
  channels(): readonly Channel[];
  /** Puts held parts together, by the carrier that handed them in. */
  join(carrier: string, parts: readonly HeldPart[]): {text: string; missing: number};
  /** A phone is on this list from now on. */
  onOptedOut(list: string, phone: string): void;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  newId(): string;
  newTraceId(): string;
}

export interface PartGroup {
  group: string;
  from: string;
  to: string;
  /** Of the first part. */
  receivedAt: number;
  parts: readonly HeldPart[];
}

/** From a phone to the store: whole texts, and parts until they are one. */
export function createTakeInbound(options: TakeInboundOptions) {
  const {store, channels, join, onOptedOut, log, meter, tracer, now, newId, newTraceId} = options;
  const findChannel = derive(channels, createChannelFinder);

  type Joined = Pick<PartGroup, 'group' | 'parts'>;

  async function take(carrier: string, event: InboundEvent, joined?: Joined): Promise<InboundAnswer> {
    const channel = findChannel()(carrier, toAddress(event.to) ?? event.to);
    const inbound = toInbound(carrier, event, channel);
    const {raw, fingerprint, isAwaited} = event;
    const {consent, ...flags} = readConsent(channel, inbound, event);
    const beganAt = tracer === undefined ? 0 : performance.now();
    const told = {raw, fingerprint, isAwaited, ...joined, consent};
    const accepted = await store.acceptInbound({inbound: {...inbound, ...flags}, ...told});
    const {messageId, result} = accepted;
    if (accepted.consent?.change === 'out' && channel?.keywords !== undefined) {
      onOptedOut(channel.keywords.list, inbound.from);
    }
    meter.accepted({direction: 'inbound', platform: inbound.platform, result});
    const answer = result === 'stored' && inbound.platform === '' ? 'unroutable' : result;
    const {traceId, platform} = inbound;
    const fields = {messageId, carrier, channel: inbound.channel, traceId};
    tracer?.taken({...fields, platform, direction: 'inbound', result: answer, ...toTook(beganAt, now())});
    if (answer === 'unroutable') log.warn('inbound.unroutable', {...fields, to: inbound.to});
    else log.info(`inbound.${answer}`, fields);
    return answer;
  }

  function toInbound(carrier: string, event: InboundEvent, channel: Channel | undefined): Inbound {
    const {carrierMessageId, text, media, receivedAt, missingParts} = event;
    return {
      messageId: carrierMessageId === undefined ? newId() : toMessageId('inbound', carrier, carrierMessageId),
      platform: channel?.platform ?? '',
      channel: channel?.id ?? '',
      carrier,
      from: toAddress(event.from) ?? event.from,
      to: toAddress(event.to) ?? event.to,
      text,
      media,
      traceId: event.traceId ?? newTraceId(),
      receivedAt,
      missingParts,
    };
  }

  /** Joins what is there of a long text, whole or not; the held parts go with it. */
  async function takeGroup(carrier: string, {group, from, to, receivedAt, parts}: PartGroup): Promise<InboundAnswer> {
    const {text, missing} = join(carrier, parts);
    const carrierMessageId = `parts ${group} ${receivedAt}`;
    const event = {from, to, receivedAt, text, media: [], missingParts: missing || undefined, carrierMessageId};
    return take(carrier, event, {group, parts});
  }

  async function takePart(carrier: string, event: PartEvent): Promise<InboundAnswer | 'held'> {
    const held = await store.holdPart(carrier, event);
    if (held.result !== 'complete') return held.result;
    const {group, from, to} = event;
    return takeGroup(carrier, {group, from, to, receivedAt: held.receivedAt, parts: held.parts});
  }

  /** What one phone sends to one number is stored in the order it came. */
  const inTurn = createTurns();
  const lane = (carrier: string, {from, to}: {from: string; to: string}) => `${carrier} ${from} ${to}`;

  return {
    take: (carrier: string, event: InboundEvent) => inTurn(lane(carrier, event), () => take(carrier, event)),
    takePart: (carrier: string, event: PartEvent) => inTurn(lane(carrier, event), () => takePart(carrier, event)),
    takeGroup: (carrier: string, group: PartGroup) => inTurn(lane(carrier, group), () => takeGroup(carrier, group)),
  };
}

/** The carrier's event had been read by then: all of it is the store's time. */
function toTook(beganAt: number, endedAt: number) {
  const tookMs = performance.now() - beganAt;
  return {endedAt, tookMs, storeMs: tookMs};
}

/** The channel an address belongs to, as that carrier knows it: its entry's address, or the channel's own. What is leaving has it while nobody else does. */
export function createChannelFinder(channels: readonly Channel[]) {
  const byAddress = new Map<string, Channel>();
  const add = (channel: Channel, entries: Channel['carriers']) => {
    for (const entry of entries) {
      for (const address of [entry.address, channel.address]) {
        const key = `${entry.carrier} ${address}`;
        if (!byAddress.has(key)) byAddress.set(key, channel);
      }
    }
  };
  for (const channel of channels) if (!channel.leaving) add(channel, channel.carriers);
  for (const channel of channels) add(channel, entriesOf(channel));
  return (carrier: string, address: string) => byAddress.get(`${carrier} ${address}`);
}
