import {chooseByHeader} from '../core/by-header.ts';
import {chooseCarrier} from '../core/by-prefix.ts';
import {type Channel, recipientOf} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {Outbound} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import {Refusal} from '../core/refusal.ts';
import type {Tracer} from '../core/tracer.ts';
import type {OutboundEvent, OutboundText, PlatformEvents} from '../platforms/platform.ts';
import type {Gate, Start, Store} from '../store/store.ts';
import type {NewText} from './gates.ts';
import {createRawId, identifyOutbound, type RawId, toMessageId} from './identity.ts';
import {toTakenStep} from './steps.ts';

/** A phone that wrote this recently is in a conversation: what is sent to it overtakes campaigns. */
const replyWindowMs = 86_400_000;

export interface TakeOutboundOptions {
  store: Store;
  channels(): readonly Channel[];
  /** The drain because of which this text is not taken. */
  refusing(text: NewText): Gate | undefined;
  /** How a text would leave by this carrier if it is claimed as it is stored; undefined: not before it was claimed. */
  firstStart(carrier: string, channel: Channel, text: Outbound): Start['plan'] | undefined;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
}

const drainRetrySeconds = 30;
const drainingWords =
  'An operator drains this: nothing was stored. Send the same request again later, or end the drain with resume.';

type TakenText = OutboundText & Pick<Outbound, 'unsupported' | 'unsupportedCode'>;

export interface Taking {
  /** With what names all its texts, where they are many. */
  event: OutboundEvent & {rawId?: RawId};
  text: TakenText;
  /** Among the texts of its webhook. */
  position: number;
  channel: Channel;
}

/** From a platform's webhook to the store: every text of it is named and written down, also what can't be read. */
export function createTakeOutbound(options: TakeOutboundOptions): PlatformEvents {
  const {store, channels, log, meter, tracer, now} = options;

  async function outbound(given: OutboundEvent): Promise<string[]> {
    const event = tracer === undefined ? given : withKept(given, tracer);
    const {reading} = event;
    const channel = channels().find(({id, platform}) => id === event.channel && platform === event.platform);
    if (channel === undefined) return [await takeUnreadable(event, 'its channel is not in the configuration')];
    refuseDrained(event, channel);
    if (!reading.readable) {
      const {why, unsupported} = reading;
      if (unsupported === undefined) return [await takeUnreadable(event, why)];
      const {code: unsupportedCode, ...known} = unsupported;
      return [await take(event, {...known, text: '', media: [], unsupported: why, unsupportedCode}, 0, channel)];
    }
    const [first, ...others] = reading.texts;
    if (first !== undefined && others.length === 0) return [await take(event, first, 0, channel)];
    const many = {...event, rawId: createRawId(event.raw)};
    return Promise.all(reading.texts.map((text, position) => take(many, text, position, channel)));
  }

  /** Before any of it is stored: the platform sends all of it again. */
  function refuseDrained({reading, headers = {}}: OutboundEvent, channel: Channel): void {
    const {platform, id} = channel;
    const {priority} = chooseByHeader(channel, headers);
    const written = reading.readable ? reading.texts.map(({to}) => to) : [reading.unsupported?.to];
    const phones = written.map(to => to && recipientOf(channel, to));
    const refused = phones.some(phone => options.refusing({platform, channel: id, priority, phone}) !== undefined);
    if (refused) throw new Refusal(503, 'draining', drainingWords, drainRetrySeconds);
  }

  async function takeUnreadable(event: OutboundEvent, why: string): Promise<string> {
    const {platform, channel, traceId, raw, headers} = event;
    const messageId = toMessageId('unreadable', platform, channel, raw);
    const accepted = await store.acceptUnreadable({messageId, platform, channel, traceId, raw, why, headers});
    meter.accepted({direction: 'outbound', platform, result: 'unreadable'});
    tracer?.taken(
      toTakenStep(event, {messageId: accepted.messageId, result: 'unreadable', endedAt: now(), storeMs: 0}),
    );
    log.warn('outbound.unreadable', {messageId: accepted.messageId, platform, channel, traceId, why});
    return accepted.messageId;
  }

  async function take(event: Taking['event'], text: TakenText, position: number, channel: Channel): Promise<string> {
    const {traceId} = event;
    const {platform, id} = channel;
    const beganAt = tracer === undefined ? 0 : performance.now();
    const message = toNewOutbound({event, text, position, channel}, now());
    const start = options.firstStart(message.carrier, channel, message.outbound);
    const {messageId: ownId, result} = await store.acceptOutbound({...message, start}).catch((error: unknown) => {
      meter.accepted({direction: 'outbound', platform, result: 'unavailable'});
      throw error;
    });
    const mayStandElsewhere = result === 'duplicate' && position === 0;
    const messageId = mayStandElsewhere ? await toAnswered(event, message.outbound.to, ownId) : ownId;
    meter.accepted({direction: 'outbound', platform, result});
    tracer?.taken(toTakenStep(event, {messageId, result, endedAt: now(), storeMs: performance.now() - beganAt}));
    log.info(`outbound.${result}`, {messageId, platform, channel: id, traceId});
    return messageId;
  }

  /** What nobody could read the first time, and was read again since, goes by the id its webhook was answered with then. */
  async function toAnswered({platform, channel, raw}: OutboundEvent, to: string, ownId: string): Promise<string> {
    const firstId = toMessageId('unreadable', platform, channel, raw);
    return (await store.get(firstId, false))?.to === to ? firstId : ownId;
  }

  return {outbound, isTraced: tracer !== undefined};
}

/** With what all its steps need to know to be traced alike. */
function withKept(event: OutboundEvent, tracer: Tracer): OutboundEvent {
  const kept = tracer.keep(event.traceId, event.trace?.b3);
  return kept === undefined ? event : {...event, headers: {...event.headers, ...kept}};
}

/** What the store is given of one text; `replay` of an unreadable one makes it anew. */
export function toNewOutbound({event, text, position, channel}: Taking, now: number) {
  const {messageId, earlierId} = identifyOutbound(event, text, position, now);
  const to = recipientOf(channel, text.to);
  const {carrier, priority} = chooseCarrier(channel, to, event.headers ?? {});
  const {platform, traceId, raw} = event;
  return {
    outbound: {
      messageId,
      platform,
      channel: channel.id,
      from: channel.address,
      to,
      text: text.text,
      media: text.media,
      traceId,
      headers: event.headers,
      unsupported: text.unsupported,
      unsupportedCode: text.unsupportedCode,
    },
    raw: isOfMany(event) ? '' : raw,
    earlierId,
    priority,
    replyWindowMs,
    carrier,
    expiresInMs: channel.sendWithinMs,
  };
}

/** A webhook with texts to several phones is kept with none of them: what is forgotten of one phone would stay with the others. */
function isOfMany({reading}: OutboundEvent): boolean {
  return reading.readable && reading.texts.length > 1;
}
