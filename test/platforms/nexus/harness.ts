import type {ExecutionContext} from 'ava';
import type {Channel} from '../../../src/core/channel.ts';
import type {Log, LogFields} from '../../../src/core/log.ts';
import type {Inbound} from '../../../src/core/message.ts';
import {createHttp} from '../../../src/http.ts';
import {nexus} from '../../../src/platforms/nexus/index.ts';
import {nexusOptions} from '../../../src/platforms/nexus/options.ts';
import type {
  InboundPost,
  OutboundEvent,
  PlatformContext,
  PlatformEvents,
  ReceiptPost,
} from '../../../src/platforms/platform.ts';
import {createPretendNexus, type PretendNexusOptions} from '../../../src/sandbox/nexus.ts';

export const ccid = '45acae06-6b7c-4f97-9c76-471cb5c21bf7';
export const noon = Date.parse('2026-11-20T12:00:00Z');

export function toChannel(id: string, change: Partial<Channel> = {}): Channel {
  return {
    id,
    platform: 'acme',
    description: '',
    address: `+${id}`,
    country: 'US',
    webhookSecrets: [`webhook-${id}`],
    apiSecrets: [`api-${id}`],
    carriers: [],
    priority: 'interactive',
    sendWithinMs: 3_600_000,
    deliverWithinMs: 86_400_000,
    receiptWithinMs: 172_800_000,
    withoutReceipt: 'silent',
    unknown: 'hold',
    unknownAfterMs: 86_400_000,
    failoverAfterMs: 30_000,
    ...change,
  };
}

export interface LogLine {
  event: string;
  fields: LogFields;
}

export function createLog(): Log & {lines: LogLine[]} {
  const lines: LogLine[] = [];
  const write = (event: string, fields: LogFields = {}) => void lines.push({event, fields});
  return {lines, debug: write, info: write, warn: write, error: write};
}

export interface EdgeOptions {
  channels?: readonly Channel[];
  /** Settings beside url and ccid, by platform. */
  platforms?: Record<string, Record<string, unknown>>;
  url?: string;
  now?(): number;
  outbound?: PlatformEvents['outbound'];
  loadMedia?: PlatformContext['loadMedia'];
}

/** The platform as the gateway makes it, without its HTTP. */
export function createEdge({channels, platforms, url, now, outbound, loadMedia}: EdgeOptions = {}) {
  const stored: OutboundEvent[] = [];
  const log = createLog();
  const newId = createIds('new');
  const newMessageId = createIds('out');
  const settings = Object.entries(platforms ?? {acme: {}}).map(
    ([name, setting]) => [name, nexusOptions.parse({url: url ?? 'http://127.0.0.1:1', ccid, ...setting})] as const,
  );
  const edge = nexus.create(new Map(settings), {
    log,
    events: {
      outbound:
        outbound ??
        (async event => {
          stored.push(event);
          return event.reading.readable ? event.reading.texts.map(newMessageId) : [newMessageId()];
        }),
    },
    channels: channels ?? [toChannel('16504661149')],
    now: now ?? (() => noon),
    newId,
    newTraceId: createTraceIds(),
    ...(loadMedia === undefined ? {} : {loadMedia}),
  });
  return {...edge, log, stored};
}

function createIds(prefix: string) {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count}`;
  };
}

function createTraceIds() {
  let count = 0;
  return () => {
    count += 1;
    return count.toString(16).padStart(32, 'f');
  };
}

/** The webhook on a socket, behind the gateway's own HTTP. */
export async function withWebhook(t: ExecutionContext, options: EdgeOptions = {}) {
  const edge = createEdge(options);
  const http = createHttp({
    host: '127.0.0.1',
    port: 0,
    routers: () => [edge.router],
    rawBody: true,
    log: edge.log,
  });
  const port = await http.start();
  t.teardown(async () => {
    await http.stop();
    await Promise.all(edge.platforms.map(platform => platform.stop()));
  });
  return {...edge, port, url: `http://127.0.0.1:${port}`};
}

/** A pretend Nexus with the channel 16504661149, and the platform that posts to it. */
export async function withNexus(
  t: ExecutionContext,
  {
    settings,
    channels = [toChannel('16504661149')],
    now,
    loadMedia,
    ...rest
  }: Partial<Omit<PretendNexusOptions, 'channels'>> & {
    settings?: Record<string, unknown>;
    channels?: readonly Channel[];
  } & Pick<EdgeOptions, 'now' | 'loadMedia'> = {},
) {
  const peer = await createPretendNexus({
    ccid,
    ...rest,
    channels: channels.map(({id}) => ({channelId: id, webhookSecret: `webhook-${id}`, apiSecret: `api-${id}`})),
  });
  const edge = createEdge({
    channels,
    platforms: {acme: settings ?? {}},
    url: peer.url,
    ...(now === undefined ? {} : {now}),
    ...(loadMedia === undefined ? {} : {loadMedia}),
  });
  const [platform] = edge.platforms;
  if (platform === undefined) throw new Error('no platform was created');
  t.teardown(async () => {
    await platform.stop();
    await peer.stop();
  });
  return {peer, platform};
}

export function toInboundPost(change: Partial<Inbound> = {}): InboundPost {
  return {
    kind: 'inbound',
    channel: '16504661149',
    inbound: {
      messageId: 'in-1',
      platform: 'acme',
      channel: '16504661149',
      carrier: 'smsc-a',
      from: '+14155550123',
      to: '+16504661149',
      text: 'STOP',
      media: [],
      traceId: '0af7651916cd43dd8448eb211c80319c',
      receivedAt: noon,
      ...change,
    },
  };
}

export function toReceiptPost(change: Partial<ReceiptPost['receipt']> = {}): ReceiptPost {
  return {
    kind: 'receipt',
    channel: '16504661149',
    messageId: 'out-1',
    from: '+16504661149',
    to: '+14155550123',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    receipt: {status: 'Delivered', final: true, reasons: [], at: noon, ...change},
  };
}
