import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type Judged, judge, refuse, toDownload} from './nexus-api.ts';
import {createFaults, type Fault} from './nexus-faults.ts';
import {createFiles, type NexusFile} from './nexus-files.ts';
import {createSender, type NexusAnswer, type SendText} from './nexus-sender.ts';
import {likeliestVariant, type NexusVariant, type PostKind} from './nexus-wire.ts';

export interface PretendNexusOptions {
  ccid: string;
  channels: readonly PretendChannel[];
  /** 0, the default: any free one. */
  port?: number;
  host?: string;
  /** What differs from the likeliest contract. */
  variant?: Partial<NexusVariant>;
  /** How many posts of each kind are remembered at least; the oldest are forgotten first. */
  keep?: number;
  onEvent?(event: NexusPost): void;
}

export interface PretendChannel {
  channelId: string;
  /** What it signs its webhooks with. */
  webhookSecret: string;
  /** What it expects posts to be signed with. */
  apiSecret: string;
}

/** One call of the Third-Party Messaging API, whatever it was answered. */
export interface NexusPost {
  kind: PostKind;
  channelId: string;
  raw: Buffer;
  /** Parsed where it is JSON. */
  body: unknown;
  /** The messages of the body, out of their envelope. */
  messages: unknown[];
  headers: IncomingHttpHeaders;
  signatureOk: boolean;
  /** What it was answered; 0 when it got no answer. */
  status: number;
  /** Whether it was processed, also when its answer was lost. */
  accepted: boolean;
  /** Unix ms. */
  at: number;
}

export interface PretendNexus {
  url: string;
  port: number;
  /** Posts of inbound messages, in the order they came. */
  messages: NexusPost[];
  receipts: NexusPost[];
  /** Uploads; `file` gives what was in them. */
  media: NexusPost[];
  /** The file behind a reference `genesys://nexus/…`. */
  file(url: string): NexusFile | undefined;
  /** A file an agent sends; answers its reference. */
  addFile(file: NexusFile): string;
  /** Calls the gateway's webhook as Nexus does: signed, with a trace id, on kept-alive connections. */
  sendText(text: SendText): Promise<NexusAnswer>;
  /** Answers otherwise from now on; the function answered ends it. */
  fault(fault: Fault): () => void;
  clearFaults(): void;
  /** New secrets of a channel, as after a change of its `Async` service. */
  setSecrets(channelId: string, secrets: Partial<Omit<PretendChannel, 'channelId'>>): void;
  stop(): Promise<void>;
}

const maxBodyBytes = 20 * 1024 * 1024;

/** Digital Channels from the outside: the webhook's caller and the Third-Party Messaging API. */
export async function createPretendNexus(options: PretendNexusOptions): Promise<PretendNexus> {
  const host = options.host ?? '127.0.0.1';
  const channels = new Map(options.channels.map(channel => [channel.channelId, {...channel}]));
  const files = createFiles();
  const variant = {...likeliestVariant, ...options.variant};
  const api = {ccid: options.ccid, channels, variant, files};
  const records: Record<PostKind, NexusPost[]> = {messages: [], receipts: [], media: []};
  const faults = createFaults();
  const sender = createSender(channels, variant.signatureEncoding);

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const {method = '', url = '', headers} = request;
    const raw = await readBody(request);
    const call = {method, path: url, headers, raw};
    const file = toDownload(call, api);
    if (file !== undefined) return void response.writeHead(200, {'content-type': file.contentType}).end(file.bytes);
    const judged = judge(call, api);
    if (judged === undefined) return reply(response, refuse(404, 'Not Found'));
    const fault = faults.next(judged.kind, judged.channelId);
    const post = {...toPost(judged, fault), headers, raw, at: Math.round(performance.timeOrigin + performance.now())};
    remember(records[post.kind], post, options.keep ?? 100_000);
    options.onEvent?.(post);
    await misbehave(response, fault);
    if (post.status > 0) reply(response, toReply(judged, fault), fault?.headers);
  };

  const server = createServer({keepAliveTimeout: 60_000}, (request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const {port} = server.address() as AddressInfo;

  return {
    url: `http://${host}:${port}`,
    port,
    ...records,
    file: files.get,
    addFile: files.add,
    sendText: sender.sendText,
    fault: faults.add,
    clearFaults: faults.clear,
    setSecrets(channelId, secrets) {
      const channel = channels.get(channelId);
      if (channel === undefined) throw new Error(`the pretend Nexus has no channel ${channelId}`);
      Object.assign(channel, secrets);
    },
    async stop() {
      await sender.stop();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toPost({kind, channelId, body, messages, signatureOk, status}: Judged, fault: Fault | undefined) {
  const silent = fault?.drop !== undefined || fault?.hang === true;
  const answered = fault?.status ?? status;
  const accepted = status === 200 && fault?.drop !== 'before' && answered >= 200 && answered < 300;
  return {kind, channelId, body, messages, signatureOk, status: silent ? 0 : answered, accepted};
}

function remember(posts: NexusPost[], post: NexusPost, keep: number): void {
  posts.push(post);
  if (posts.length > keep * 2) posts.splice(0, posts.length - keep);
}

async function misbehave(response: ServerResponse, fault: Fault | undefined): Promise<void> {
  const delayMs = fault?.delayMs;
  if (delayMs !== undefined) await new Promise(resolve => setTimeout(resolve, delayMs));
  if (fault?.drop !== undefined) response.destroy();
}

function toReply({status, answer}: Judged, fault: Fault | undefined) {
  if (fault?.status === undefined) return {status, answer: fault?.body ?? answer};
  return {status: fault.status, answer: fault.body ?? refuse(fault.status, 'Told to say so').answer};
}

function reply(response: ServerResponse, {status, answer}: {status: number; answer: unknown}, headers = {}): void {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body);
}
