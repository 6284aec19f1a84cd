import type {Actor, NewAudit} from '../core/audit.ts';
import {chooseCarrier, entriesTo} from '../core/by-prefix.ts';
import type {Channel} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {Inbound} from '../core/message.ts';
import type {OutboundEvent, Platform} from '../platforms/platform.ts';
import type {MessageRecord, ReplayOptions, Store} from '../store/store.ts';
import type {OnList} from './consent.ts';
import {readConsent} from './consent-orders.ts';
import {createChannelFinder} from './take-inbound.ts';
import {toNewOutbound} from './take-outbound.ts';

/**
 * - `not_ended`: it is on its way, or its text is dropped.
 * - `unknown`: whether it was sent is for a person to say (`settle`).
 * - `unreadable`, `unroutable`: it can't be read, or there is no channel for it, under today's settings either.
 */
export type Replayed = 'replayed' | 'not_found' | 'not_ended' | 'unknown' | 'unreadable' | 'unroutable';

export interface ReplayParts {
  store: Store;
  channels(): readonly Channel[];
  platforms(): ReadonlyMap<string, Platform>;
  /** A phone is on this list from now on. */
  onOptedOut(added: readonly OnList[]): void;
  log: Log;
  now(): number;
}

/** Once more what ended badly: sent, posted, read or given to its channel, whatever it lacked. */
export function createReplay({store, channels, platforms, onOptedOut, log, now}: ReplayParts) {
  function findChannel(platform: string, channel: string): Channel | undefined {
    return channels().find(candidate => candidate.platform === platform && candidate.id === channel);
  }

  /** @param deadAt of one of many, which are audited as one: only the dead letter of that time is meant */
  async function replay(messageId: string, by: Actor, deadAt?: number): Promise<Replayed> {
    const record = await store.get(messageId, false);
    if (record === undefined) return 'not_found';
    if (record.state === 'unknown') return 'unknown';
    const audit: NewAudit = {by, action: 'replay', target: {messageId}};
    const result = await tryAgain(record, deadAt === undefined ? {audit} : {deadAt});
    if (result !== 'replayed') return result;
    await store.note(messageId, 'replayed', {by: by.name});
    log.info('message.replayed', {messageId, traceId: record.traceId, by: by.name});
    return result;
  }

  async function tryAgain(record: MessageRecord, options: ReplayOptions): Promise<Replayed> {
    const {messageId, platform, direction, traceId} = record;
    const lost = direction === 'inbound' && platform === '' ? await store.unroutable(messageId) : undefined;
    if (lost !== undefined) return (await route(lost, options.audit)) ? 'replayed' : 'unroutable';
    const webhook = direction === 'outbound' ? await store.raw(messageId) : undefined;
    if (webhook !== undefined) {
      return (await readAgain(messageId, {...webhook, traceId}, options.audit)) ? 'replayed' : 'unreadable';
    }
    const channel = findChannel(platform, record.channel);
    if (channel === undefined) return 'unroutable';
    const carrier = await toCarrier(channel, record);
    return (await store.replay(messageId, channel.sendWithinMs, {...options, carrier})) ? 'replayed' : 'not_ended';
  }

  /** The one it had, unless that carries no such text any more: then the one a text that comes now gets. */
  async function toCarrier(channel: Channel, record: MessageRecord): Promise<string> {
    const {messageId, carrier, to} = record;
    if (mayCarry(channel, record)) return carrier;
    return chooseCarrier(channel, to, (await store.sent(messageId))?.outbound.headers ?? {}).carrier;
  }

  /** The platform was promised this `messageId` for the body's first text. */
  async function readAgain(
    messageId: string,
    body: Omit<OutboundEvent, 'reading'>,
    audit: NewAudit | undefined,
  ): Promise<boolean> {
    const channel = findChannel(body.platform, body.channel);
    const reading = platforms().get(body.platform)?.read(body.raw, body.channel);
    if (channel === undefined || reading?.readable !== true) return false;
    const [first, ...more] = reading.texts.map((text, position) =>
      toNewOutbound({event: {...body, reading}, text, position, channel}, now()),
    );
    if (first === undefined) return false;
    for (const other of more) await store.acceptOutbound(other);
    const {messageId: ownId} = first.outbound;
    return store.replaceUnreadable({...first, outbound: {...first.outbound, messageId}, ownId}, audit);
  }

  /** An order to stop counts whenever it comes; another one may have been followed by a later word, and goes as a text. */
  async function route(lost: Inbound, audit: NewAudit | undefined): Promise<boolean> {
    const channel = createChannelFinder(channels())(lost.carrier, lost.to);
    if (channel === undefined) return false;
    const inbound = {...lost, platform: channel.platform, channel: channel.id};
    const {consent, ...flags} = readConsent(channel, inbound, inbound);
    const followed = consent?.order.order === 'stop' ? consent : undefined;
    const routed = await store.replaceUnroutable({inbound: {...inbound, ...flags}, consent: followed}, audit);
    if (routed?.consent?.change === 'out' && channel.keywords !== undefined)
      onOptedOut([{list: channel.keywords.list, phone: inbound.from}]);
    return routed !== undefined;
  }

  return replay;
}

/** What leaves the configuration still sends; of the others those that carry texts to this number today. */
function mayCarry(channel: Channel, {carrier, to}: MessageRecord): boolean {
  const may = [...entriesTo(channel, to), ...(channel.leavingCarriers ?? [])];
  return may.some(entry => entry.carrier === carrier);
}
