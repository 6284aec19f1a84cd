import type {CarrierEvents} from '../carriers/carrier.ts';
import {toAddress} from '../core/address.ts';
import type {Channel} from '../core/channel.ts';
import type {HeldPart, InboundAnswer, InboundEvent, LateEvent, PartEvent, ReceiptEvent} from '../core/event.ts';
import type {Log} from '../core/log.ts';
import type {Inbound} from '../core/message.ts';
import type {OutboundEvent, OutboundText, PlatformEvents} from '../platforms/platform.ts';
import type {Store} from '../store/store.ts';
import {createAnswered} from './answered.ts';
import {identifyOutbound, toMessageId} from './identity.ts';

/** A phone that wrote this recently is in a conversation: what is sent to it overtakes campaigns. */
const replyWindowMs = 86_400_000;

export interface IntakeOptions {
  store: Store;
  channels: readonly Channel[];
  /** Puts held parts together, by the carrier that handed them in. */
  join(carrier: string, parts: readonly HeldPart[]): {text: string; missing: number};
  /** There may be room at this carrier. */
  onReady(carrier: string): void;
  log: Log;
  now(): number;
  newId(): string;
  newTraceId(): string;
}

export interface Intake {
  platformEvents: PlatformEvents;
  carrierEvents(carrier: string): CarrierEvents;
  /** A joined text, whole or not; the carrier's parts go with it. */
  joined(carrier: string, group: JoinedGroup): Promise<InboundAnswer>;
  /** Writes down what is still only in memory. */
  stop(): Promise<void>;
}

export interface JoinedGroup {
  group: string;
  from: string;
  to: string;
  receivedAt: number;
  parts: readonly HeldPart[];
}

/** The way in: everything that arrives is named, addressed and written down before its caller is answered. */
export function createIntake(options: IntakeOptions): Intake {
  const {store, log, now} = options;
  const findChannel = createChannelFinder(options.channels);
  const answered = createAnswered(fingerprints => store.forgetFingerprints(fingerprints), log);

  async function outbound(event: OutboundEvent): Promise<string[]> {
    const {reading} = event;
    const channel = options.channels.find(({id, platform}) => id === event.channel && platform === event.platform);
    if (!reading.readable || channel === undefined) {
      const why = reading.readable ? 'its channel is not in the configuration' : reading.why;
      return [await storeUnreadable(event, why)];
    }
    return Promise.all(reading.texts.map(text => storeOutbound(event, text, channel)));
  }

  async function storeUnreadable(event: OutboundEvent, why: string): Promise<string> {
    const {platform, channel, traceId, raw} = event;
    const messageId = toMessageId('unreadable', platform, channel, raw);
    const accepted = await store.acceptUnreadable({messageId, platform, channel, traceId, raw, why});
    log.warn('outbound.unreadable', {messageId: accepted.messageId, platform, channel, traceId, why});
    return accepted.messageId;
  }

  async function storeOutbound(event: OutboundEvent, text: OutboundText, channel: Channel): Promise<string> {
    const {messageId, earlierId, externalKey} = identifyOutbound(event, text, now());
    const first = channel.carriers[0];
    if (first === undefined) throw new Error(`channel ${channel.id} has no carrier`);
    const {platform, traceId, raw} = event;
    const accepted = await store.acceptOutbound({
      outbound: {
        messageId,
        platform,
        channel: channel.id,
        from: first.address,
        to: text.to,
        text: text.text,
        media: text.media,
        traceId,
      },
      raw,
      ...(externalKey === undefined ? {} : {externalKey}),
      ...(earlierId === undefined ? {} : {earlierId}),
      priority: channel.priority,
      replyWindowMs,
      carrier: first.carrier,
      expiresInMs: channel.sendWithinMs,
    });
    log.info(`outbound.${accepted.result}`, {messageId: accepted.messageId, platform, channel: channel.id, traceId});
    return accepted.messageId;
  }

  async function inbound(carrier: string, event: InboundEvent, group?: string): Promise<InboundAnswer> {
    const to = toAddress(event.to) ?? event.to;
    const channel = findChannel(carrier, to);
    const message: Inbound = {
      messageId:
        event.carrierMessageId === undefined
          ? options.newId()
          : toMessageId('inbound', carrier, event.carrierMessageId),
      platform: channel?.platform ?? '',
      channel: channel?.id ?? '',
      carrier,
      from: toAddress(event.from) ?? event.from,
      to,
      text: event.text,
      media: event.media,
      traceId: event.traceId ?? options.newTraceId(),
      receivedAt: event.receivedAt,
      ...(event.missingParts ? {missingParts: event.missingParts} : {}),
    };
    const accepted = await store.acceptInbound({
      inbound: message,
      ...(event.raw === undefined ? {} : {raw: event.raw}),
      ...(event.fingerprint === undefined ? {} : {fingerprint: event.fingerprint}),
      ...(group === undefined ? {} : {group}),
    });
    const answer = accepted.result === 'stored' && channel === undefined ? 'unroutable' : accepted.result;
    const fields = {messageId: accepted.messageId, carrier, channel: message.channel, traceId: message.traceId};
    if (answer === 'unroutable') log.warn('inbound.unroutable', {...fields, to});
    else log.info(`inbound.${answer}`, fields);
    return answer;
  }

  async function joined(carrier: string, group: JoinedGroup): Promise<InboundAnswer> {
    const {text, missing} = options.join(carrier, group.parts);
    const {from, to, receivedAt} = group;
    const carrierMessageId = `parts ${group.group} ${receivedAt}`;
    return inbound(
      carrier,
      {from, to, receivedAt, text, media: [], missingParts: missing, carrierMessageId},
      group.group,
    );
  }

  async function part(carrier: string, event: PartEvent): Promise<InboundAnswer | 'held'> {
    const held = await store.holdPart(carrier, event);
    if (held.result !== 'complete') return held.result;
    const {group, from, to} = event;
    return joined(carrier, {group, from, to, receivedAt: held.receivedAt, parts: held.parts});
  }

  async function receipt(carrier: string, event: ReceiptEvent): Promise<'matched' | 'parked' | 'duplicate'> {
    const result = await store.receipt(carrier, event);
    const {messageId, carrierMessageId, state} = event;
    log.debug(`receipt.${result}`, {carrier, messageId, carrierMessageId, state});
    return result;
  }

  async function late(carrier: string, event: LateEvent): Promise<void> {
    const {messageId, segment, attempt, outcome} = event;
    const channel = options.channels.find(({carriers}) => carriers.some(entry => entry.carrier === carrier));
    const applied = await store.resolve({
      messageId,
      to: 'late',
      segment,
      attempt,
      taken: outcome.kind === 'taken',
      ...(outcome.kind === 'taken' && outcome.carrierMessageId !== undefined
        ? {carrierMessageId: outcome.carrierMessageId}
        : {}),
      ...(outcome.kind === 'taken' ? {} : {reason: outcome.reason}),
      receiptWithinMs: channel?.receiptWithinMs ?? 0,
      events: [{event: 'late_answer', detail: {segment, outcome: outcome.kind, ...outcome.detail}}],
    });
    log.warn('send.late', {messageId, carrier, segment, attempt, applied});
  }

  return {
    platformEvents: {outbound},
    carrierEvents: carrier => ({
      inbound: event => inbound(carrier, event),
      part: event => part(carrier, event),
      receipt: event => receipt(carrier, event),
      late: event => late(carrier, event),
      answered: fingerprint => answered.add(fingerprint),
      ready: () => options.onReady(carrier),
    }),
    joined,
    stop: () => answered.stop(),
  };
}

/** The channel an address belongs to, as that carrier knows it: its entry's address, or the channel's own. */
function createChannelFinder(channels: readonly Channel[]) {
  const byAddress = new Map<string, Channel>();
  for (const channel of channels) {
    for (const entry of channel.carriers) {
      for (const address of [entry.address, channel.address]) {
        const key = `${entry.carrier} ${address}`;
        if (!byAddress.has(key)) byAddress.set(key, channel);
      }
    }
  }
  return (carrier: string, address: string) => byAddress.get(`${carrier} ${address}`);
}
