import {createHash} from 'node:crypto';
import Router from '@koa/router';
import type {Context} from 'koa';
import type {Channel} from '../../core/channel.ts';
import type {Log} from '../../core/log.ts';
import {Refusal} from '../../core/refusal.ts';
import type {PlatformEvents} from '../platform.ts';
import {createDirectory, type Signed} from './directory.ts';
import {type Document, toDocument} from './document.ts';
import type {NexusOptions} from './options.ts';
import {type Element, toElements, toPlaces, toSenders} from './reading.ts';
import {toStorable} from './storable.ts';

export interface WebhookOptions {
  platforms: ReadonlyMap<string, NexusOptions>;
  channels: readonly Channel[];
  events: PlatformEvents;
  log: Log;
  now(): number;
  newId(): string;
}

interface Proven {
  channel: Channel;
  document: Document;
}

/**
 * Nexus' webhook. Every rightly signed JSON body is answered 200 `{"messageId"}` once it is stored; with several messages
 * `messages: [{messageId}]` stands beside it, one for each. Events (typing, read marks, the Interactions webhook) are not stored:
 * they get an id that nobody will hear of again.
 */
export function createWebhook(options: WebhookOptions): Router {
  const {platforms, log, newId} = options;
  const directory = createDirectory(options);
  const places = new Map([...platforms].map(([name, {contract}]) => [name, toPlaces(contract)]));
  const placesOf = ({platform}: Channel) => places.get(platform) ?? toPlaces(undefined);
  const router = new Router();

  const byPath = (id: string, platform: string | undefined, signed: Signed): Proven => {
    const channel = directory.byPath(id, platform);
    directory.verify(channel, signed);
    return {channel, document: toDocument(signed.raw)};
  };
  const byBody = (signed: Signed): Proven => {
    const fitting = directory.bySignature(signed);
    const document = toDocument(signed.raw);
    const senders = fitting.flatMap(channel => toSenders(document.body, placesOf(channel)));
    return {channel: directory.byBody(fitting, senders), document};
  };

  const take = async (context: Context, prove: (signed: Signed) => Proven) => {
    const traceId = toTraceId(context.get('x-b3-traceid'), newId);
    const {channel, document} = logRefusal(log, traceId, () => prove(toSigned(context)));
    const owner = {platform: channel.platform, channel: channel.id, traceId};
    const elements = toElements(document.body, placesOf(channel));
    logOddities(log, elements, owner);
    const ids = await store(options.events, elements, document, owner);
    const messages = elements.map((_, index) => ({messageId: ids.get(index) ?? newId()}));
    context.body = messages.length === 1 ? messages[0] : {...messages[0], messages};
  };

  router.post('/nexus/webhook/:platform/:channel', context => {
    const {platform, channel} = context.params;
    return take(context, signed => byPath(channel ?? '', platform ?? '', signed));
  });
  router.post('/nexus/webhook/:channel', context =>
    take(context, signed => byPath(context.params.channel ?? '', undefined, signed)),
  );
  router.post(['/nexus/webhook', '/'], context => take(context, byBody));
  return router;
}

/** The ids by the position of their message in the body. */
async function store(
  events: PlatformEvents,
  elements: readonly Element[],
  document: Document,
  owner: {platform: string; channel: string; traceId: string},
): Promise<Map<number, string>> {
  const ids = new Map<number, string>();
  for (const {positions, ...event} of toStorable(elements, document.raw)) {
    const stored = await events.outbound({...owner, ...event});
    positions.forEach((position, index) => {
      const id = stored[index] ?? stored[0];
      if (id !== undefined) ids.set(position, id);
    });
  }
  return ids;
}

function toSigned(context: Context): Signed {
  const raw: unknown = context.state.raw;
  if (!Buffer.isBuffer(raw))
    throw new TypeError('ctx.state.raw holds no Buffer: mount the webhook behind the raw-body middleware');
  return {raw, sha1: context.get('x-hub-signature'), sha256: context.get('x-hub-signature-256')};
}

/** Zipkin's form, 32 lower-case hex digits; short ones are padded, others are replaced by one of ours. */
function toTraceId(header: string, newId: () => string): string {
  if (/^([\da-f]{16}|[\da-f]{32})$/i.test(header) && /[^0]/.test(header)) return header.toLowerCase().padStart(32, '0');
  return createHash('sha256').update(newId()).digest('hex').slice(0, 32);
}

function logRefusal(log: Log, traceId: string, prove: () => Proven): Proven {
  try {
    return prove();
  } catch (error) {
    if (error instanceof Refusal) log.warn('nexus.webhook.refused', {status: error.status, code: error.code, traceId});
    throw error;
  }
}

function logOddities(
  log: Log,
  elements: readonly Element[],
  owner: {platform: string; channel: string; traceId: string},
) {
  for (const element of elements) {
    if (element.kind === 'event') log.debug('nexus.webhook.event', {...owner, name: element.name});
    if (element.kind === 'text' && element.unsaid.length > 0) {
      log.warn('nexus.webhook.left_out', {...owner, content: element.unsaid.join(' ')});
    }
  }
}
