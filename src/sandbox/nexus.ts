import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type AnswerOptions, createAnswer, type NexusPost} from './nexus-answer.ts';
import {createFaults, type Fault} from './nexus-faults.ts';
import {createFiles, type NexusFile} from './nexus-files.ts';
import {createSender, type NexusAnswer, type SendText} from './nexus-sender.ts';
import {likeliestVariant, type NexusVariant, type PostKind} from './nexus-wire.ts';

export type {NexusPost} from './nexus-answer.ts';

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
  /** The provisioning API of the same host. */
  administration?: AnswerOptions['administration'];
}

export interface PretendChannel {
  channelId: string;
  /** What it signs its webhooks with. */
  webhookSecret: string;
  /** What it expects posts to be signed with. */
  apiSecret: string;
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
  /** All channels, as after its `Async` service was written. */
  setChannels(channels: readonly PretendChannel[]): void;
  stop(): Promise<void>;
}

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

  const answer = createAnswer({
    api,
    faults,
    administration: options.administration,
    record(post) {
      remember(records[post.kind], post, options.keep ?? 100_000);
      options.onEvent?.(post);
    },
  });
  const server = createServer({keepAliveTimeout: 60_000}, (request, response) => {
    answer(request, response).catch(() => response.destroy());
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
    setChannels(all) {
      channels.clear();
      for (const channel of all) channels.set(channel.channelId, {...channel});
    },
    async stop() {
      await sender.stop();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function remember(posts: NexusPost[], post: NexusPost, keep: number): void {
  posts.push(post);
  if (posts.length > keep * 2) posts.splice(0, posts.length - keep);
}
