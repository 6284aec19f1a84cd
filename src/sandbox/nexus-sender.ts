import {randomBytes, randomUUID} from 'node:crypto';
import {Agent} from 'undici';
import {sign} from './nexus-wire.ts';

export interface SendText {
  /** The gateway's webhook, as the `Async` service's `webhook.url` has it. */
  webhookUrl: string;
  channelId: string;
  to?: string;
  text?: string;
  id?: string;
  traceId?: string;
  /** The body instead of the one made of `to` and `text`: a value to be written as JSON, or the very bytes. */
  body?: unknown;
  raw?: string | Uint8Array;
  /** Instead of the channel's. */
  secret?: string;
  /** Beside or instead of those Nexus sends; an empty one is left out. */
  headers?: Record<string, string>;
  /** How often it is delivered at most: again after a 5XX or no answer, the same bytes, as Nexus redelivers. 1 unless told otherwise. */
  attempts?: number;
  retryMs?: number;
}

export interface NexusAnswer {
  status: number;
  /** Parsed where it is JSON. */
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
}

/** Nexus' side of the webhook: signed over the bytes, on kept-alive connections, ten seconds for an answer. */
export function createSender(channels: ReadonlyMap<string, {webhookSecret: string}>, encoding: 'hex' | 'base64') {
  const agent = new Agent({connections: 200, headersTimeout: 10_000, bodyTimeout: 10_000, allowH2: false});

  const deliver = async (webhookUrl: string, headers: Record<string, string>, body: Buffer): Promise<NexusAnswer> => {
    const {origin, pathname, search} = new URL(webhookUrl);
    const answer = await agent.request({origin, path: pathname + search, method: 'POST', headers, body});
    return {status: answer.statusCode, body: parseJson(await answer.body.text()), headers: answer.headers};
  };

  return {
    async sendText(text: SendText): Promise<NexusAnswer> {
      const secret = text.secret ?? channels.get(text.channelId)?.webhookSecret;
      if (secret === undefined) throw new Error(`the pretend Nexus has no channel ${text.channelId} to sign for`);
      const bytes = toBytes(text);
      const headers = toHeaders(text, sign(bytes, secret, encoding));
      for (let attempt = 1; ; attempt += 1) {
        const isLast = attempt >= (text.attempts ?? 1);
        try {
          const answer = await deliver(text.webhookUrl, headers, bytes);
          if (answer.status < 500 || isLast) return answer;
        } catch (error) {
          if (isLast) throw error;
        }
        await new Promise(resolve => setTimeout(resolve, text.retryMs ?? 100));
      }
    },
    async stop(): Promise<void> {
      await agent.destroy();
    },
  };
}

/** The text an agent types, in the likeliest form of a RichMedia message: Genesys Cloud's normalized one. */
export function toWebhookBody({channelId, to = '', text = '', id = randomUUID()}: Omit<SendText, 'webhookUrl'>) {
  return {
    messages: [
      {
        id,
        channel: {
          id: channelId,
          type: 'sms',
          from: {id: channelId, idType: 'Phone'},
          to: {id: to.replace(/^\+/, ''), idType: 'Phone'},
          time: new Date(performance.timeOrigin + performance.now()).toISOString(),
        },
        type: 'Text',
        text,
        content: [],
        direction: 'Outbound',
        originatingEntity: 'Human',
        metadata: {},
      },
    ],
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toBytes(text: SendText): Buffer {
  if (typeof text.raw === 'string') return Buffer.from(text.raw);
  if (text.raw !== undefined) return Buffer.from(text.raw);
  return Buffer.from(JSON.stringify(text.body === undefined ? toWebhookBody(text) : text.body));
}

function toHeaders({traceId, headers}: SendText, signature: string): Record<string, string> {
  const all = {
    'content-type': 'application/json',
    'x-hub-signature': signature,
    'x-b3-traceid': traceId ?? randomBytes(16).toString('hex'),
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
