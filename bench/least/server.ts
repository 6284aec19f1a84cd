import {createHmac, randomUUID, timingSafeEqual} from 'node:crypto';
import type {IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import {Pool} from 'undici';
import {z} from 'zod';
import {createKeep, type Keep} from './keep.ts';
import {openLink} from './link.ts';
import type {LeastOptions} from './options.ts';

/**
 * The least that takes a text, keeps it, sends it and posts its receipt, each step on disk before the next: nothing is tried again, split, ordered,
 * paced, asked for consent, looked up, logged or counted, and nobody reads the store after a crash. What the gateway takes beside it is what that costs.
 */
interface Text {
  id: string;
  channel: string;
  phone: string;
  text: string;
}

const {file, webhookSecret, apiSecret, ccid, nexusUrl, smsc}: LeastOptions = JSON.parse(process.env.LEAST ?? '{}');
const keep: Keep = file === undefined ? async () => {} : createKeep(file);
const pool = new Pool(nexusUrl, {connections: 50});
const sent = new Map<string, Text>();
/** Receipts that came before the answer. */
const early = new Map<string, () => void>();
const send = smsc && (await openLink({...smsc, onReceipt}));

function onReceipt(carrierId: string, state: string, answer: () => void): void {
  const text = sent.get(carrierId);
  if (text === undefined) return void early.set(carrierId, () => onReceipt(carrierId, state, answer));
  sent.delete(carrierId);
  void tell(text, state, answer);
}

async function tell(text: Text, state: string, answer: () => void): Promise<void> {
  await keep(['told', text.id]);
  answer();
  await post(text, state);
  await keep(['posted', text.id]);
}

async function post({id, channel, phone}: Text, state: string): Promise<void> {
  const message = {
    id,
    channel: {
      id: channel,
      type: 'sms',
      messageId: id,
      to: {id: phone, idType: 'Phone'},
      from: {id: channel, idType: 'Phone'},
      time: new Date().toISOString(),
    },
    type: 'Receipt',
    status: state === 'DELIVRD' ? 'Delivered' : 'Failed',
    isFinalReceipt: true,
    direction: 'Outbound',
  };
  const body = JSON.stringify({messages: [message]});
  const signature = createHmac('sha1', apiSecret).update(body).digest('hex');
  const headers = {'content-type': 'application/json', 'x-ccid': ccid, 'x-hub-signature': `sha1=${signature}`};
  const path = `/nexus/v3/channels/${channel}/receipts`;
  const answer = await pool.request({method: 'POST', path, headers, body});
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`Nexus answered ${answer.statusCode}`);
}

async function taken(text: Text, carrierId: string): Promise<void> {
  await keep(['sent', text.id, carrierId]);
  sent.set(carrierId, text);
  early.get(carrierId)?.();
  early.delete(carrierId);
}

const party = z.object({id: z.string().max(100), idType: z.string().max(50)});
const webhook = z.object({
  messages: z.tuple([
    z.object({
      id: z.string().max(200),
      channel: z.object({id: z.string().max(100), type: z.string().max(50), from: party, to: party, time: z.string()}),
      type: z.string().max(50),
      text: z.string().max(10_000),
      content: z.array(z.unknown()),
      direction: z.string().max(50),
      originatingEntity: z.string().max(50),
      metadata: z.record(z.string(), z.string()),
    }),
  ]),
});

function isSigned(raw: Buffer, header: unknown): boolean {
  const right = createHmac('sha1', webhookSecret).update(raw).digest();
  const given = Buffer.from(String(header).slice('sha1='.length), 'hex');
  return given.length === right.length && timingSafeEqual(given, right);
}

function readRaw(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

const router = new Router();
router.post('/nexus/webhook/:platform/:channel', async ctx => {
  const raw = await readRaw(ctx.req);
  if (!isSigned(raw, ctx.headers['x-hub-signature'])) ctx.throw(403);
  const {messages} = webhook.parse(JSON.parse(raw.toString()));
  const [{id: platformId, channel: at, text: body}] = messages;
  const text = {id: randomUUID(), channel: at.id, phone: at.to.id, text: body};
  await keep(['accepted', text.id, platformId, text.channel, text.phone, body, raw.toString()]);
  send?.({...text, taken: carrierId => void taken(text, carrierId)});
  ctx.body = {messageId: text.id};
});
const server = new Koa().use(router.routes()).listen(0, '127.0.0.1', () => {
  console.log(`port ${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));
