import Router from '@koa/router';
import type {Context} from 'koa';
import type {Channel} from '../../core/channel.ts';
import type {Log} from '../../core/log.ts';
import {Refusal} from '../../core/refusal.ts';
import type {OutboundEvent, PlatformEvents} from '../platform.ts';
import {readB3} from './b3.ts';
import type {Document} from './document.ts';
import {type ChannelHeaders, headerOf, toCaptured, toChannelHeaders} from './headers.ts';
import type {NexusOptions} from './options.ts';
import {createProver, type Proven} from './prove.ts';
import {type Element, toElements, toPlaces} from './reading.ts';
import {toStorable} from './storable.ts';

export interface WebhookOptions {
  platforms: ReadonlyMap<string, NexusOptions>;
  channels: readonly Channel[];
  events: PlatformEvents;
  log: Log;
  now(): number;
  newId(): string;
  newTraceId(): string;
}

type Owner = Pick<OutboundEvent, 'platform' | 'channel' | 'traceId' | 'headers' | 'trace'>;

/**
 * Nexus' webhook. Every rightly signed JSON body is answered 200 `{"messageId"}` once it is stored; with several messages
 * `messages: [{messageId}]` stands beside it, one for each. Events (typing, read marks, the Interactions webhook) are not stored:
 * they get an id that nobody will hear of again.
 */
export function createWebhook(options: WebhookOptions): Router {
  const {platforms, events, log, now, newId, newTraceId} = options;
  const places = new Map([...platforms].map(([name, {contract}]) => [name, toPlaces(contract)]));
  const placesOf = ({platform}: Channel) => places.get(platform) ?? toPlaces(undefined);
  const headers = new Map(options.channels.map(channel => [channel, toRules(channel)]));
  const headersOf = (channel: Channel) => headers.get(channel) ?? toRules(channel);
  const prove = createProver({...options, placesOf, headersOf});
  const router = new Router();

  const take = async (context: Context, proof: () => Proven) => {
    const traceId = toTraceId(headerOf(context.headers, 'x-b3-traceid'), newTraceId);
    // Made once: a function for each webhook would keep all that was read of it in memory for longer.
    context.state.toRefused = toRefused;
    context.state.traceId = traceId;
    const trace = events.isTraced ? {b3: readB3(context.headers), receivedAt: now()} : undefined;
    const {channel, document} = proveOrTell(context, traceId, proof);
    const rules = headersOf(channel);
    const captured = rules === undefined ? {} : toCaptured(context.headers, rules);
    const owner = {platform: channel.platform, channel: channel.id, traceId, headers: captured, trace};
    const elements = toElements(document.body, placesOf(channel));
    logOddities(log, elements, owner);
    const ids = await store(events, elements, document, owner);
    const messages = elements.map((_, index) => ({messageId: ids[index] ?? newId()}));
    context.status = 200;
    context.state.answer = messages.length === 1 ? messages[0] : {...messages[0], messages};
  };

  function toRules(channel: Channel): ChannelHeaders | undefined {
    const rules = platforms.get(channel.platform)?.headers;
    return rules && toChannelHeaders(rules, channel);
  }

  const proveOrTell = ({state}: Context, traceId: string, proof: () => Proven) => {
    try {
      return proof();
    } catch (error) {
      if (error instanceof Refusal) {
        log.warn('nexus.webhook.refused', {status: error.status, code: error.code, traceId});
        state.isTold = true;
      }
      throw error;
    }
  };

  /** Nexus' own form of an error, where the platform called wants it; the gateway's is its HTTP's. Without a platform's name it is the channel's, or the first. */
  function toRefused({status, message}: Refusal, {platform, channel: id}: Context['params']) {
    const [first = ''] = platforms.keys();
    const name = platform ?? options.channels.find(channel => channel.id === id)?.platform ?? first;
    const {contract} = platforms.get(name) ?? platforms.get(first) ?? {};
    return contract?.refusalForm === 'status' ? {status: {code: status, message}} : undefined;
  }

  router.post('/nexus/webhook/:platform/:channel', context => {
    const {platform, channel} = context.params;
    return take(context, () => prove.byPath(context, channel ?? '', platform ?? ''));
  });
  router.post('/nexus/webhook/:channel', context =>
    take(context, () => prove.byPath(context, context.params.channel ?? '')),
  );
  router.post(['/nexus/webhook', '/'], context => take(context, () => prove.byBody(context)));
  return router;
}

/** The ids by the position of their message in the body. */
async function store(events: PlatformEvents, elements: readonly Element[], document: Document, owner: Owner) {
  const ids: Array<string | undefined> = [];
  for (const {positions, ...event} of toStorable(elements, document.raw)) {
    const stored = await events.outbound({...owner, ...event});
    positions.forEach((position, index) => {
      ids[position] = stored[index] ?? stored[0];
    });
  }
  return ids;
}

/** Zipkin's form, 32 lower-case hex digits; short ones are padded, others are replaced by one of ours. */
function toTraceId(header: string, newTraceId: () => string): string {
  if (/^([\da-f]{16}|[\da-f]{32})$/i.test(header) && /[^0]/.test(header)) return header.toLowerCase().padStart(32, '0');
  return newTraceId();
}

function logOddities(log: Log, elements: readonly Element[], {platform, channel, traceId}: Owner): void {
  for (const element of elements) {
    if (element.kind === 'event') log.debug('nexus.webhook.event', {platform, channel, traceId, name: element.name});
    if (element.kind === 'text' && element.unsaid.length > 0) {
      log.warn('nexus.webhook.left_out', {platform, channel, traceId, content: element.unsaid.join(' ')});
    }
  }
}
