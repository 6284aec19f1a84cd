import {createHmac} from 'node:crypto';
import {Pool} from 'undici';
import {made} from '../../src/sandbox/peers.ts';
import {toPhone} from './ledger.ts';

export interface Answer {
  /** The text's number. */
  number: number;
  status: number;
  /** From when it should have left to when it was answered. */
  ms: number;
  /** When it was answered, Unix ms with fractions. */
  at: number;
}

export interface Load {
  url: string;
  /** The number of the first text: each has its own phone and id. */
  first: number;
  count: number;
  connections: number;
  /** In turn. */
  channels?: readonly string[];
  onAnswer?(answer: Answer): void;
  /** No more are posted once it is true. */
  isOver?(): boolean;
}

export interface PacedLoad extends Load {
  ratePerSecond: number;
}

/** Unix ms with fractions, by a clock that never jumps. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** Posts signed webhooks, as many at once as there are connections; resolves when the last is answered. */
export async function postWebhooks(load: Load): Promise<void> {
  const {first, count, connections, isOver = () => false} = load;
  const poster = createPoster(load);
  await inParallel(connections, count, async index => {
    if (!isOver()) await poster.post(first + index, clock());
  });
  await poster.close();
}

/**
 * The same at a rate of its own, whether answers come or not: what the gateway (or this process) is late with counts from when it should have left,
 * so that a pause is seen by all who would have met it.
 */
export async function postAtRate(load: PacedLoad): Promise<void> {
  const {first, count, ratePerSecond, isOver = () => false} = load;
  const poster = createPoster(load);
  const beganAt = clock();
  const posts: Array<Promise<void>> = [];
  for (let next = 0; next < count && !isOver(); ) {
    for (; next < count && beganAt + (next * 1000) / ratePerSecond <= clock(); next += 1)
      posts.push(poster.post(first + next, beganAt + (next * 1000) / ratePerSecond));
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  await Promise.all(posts);
  await poster.close();
}

/** `work` for each of `count` numbers, `atOnce` at a time. */
export async function inParallel(
  atOnce: number,
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  async function worker(): Promise<void> {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  }
  await Promise.all(Array.from({length: Math.min(atOnce, count)}, worker));
}

function createPoster({url, connections, channels = [made.smppChannel], onAnswer}: Load) {
  const pool = new Pool(url, {connections});
  return {
    async post(number: number, dueAt: number): Promise<void> {
      const channel = channels[number % channels.length] ?? '';
      const path = `/nexus/webhook/acme/${channel}`;
      const body = toBody(number, channel);
      const signature = createHmac('sha1', made.webhookSecret).update(body).digest('hex');
      const headers = {'content-type': 'application/json', 'x-hub-signature': `sha1=${signature}`};
      const answer = await pool.request({method: 'POST', path, headers, body});
      await answer.body.dump();
      const at = clock();
      onAnswer?.({number, status: answer.statusCode, ms: at - dueAt, at});
    },
    close: () => pool.close(),
  };
}

/** About 600 bytes, the likeliest form of a RichMedia message. */
function toBody(number: number, channel: string): string {
  const message = {
    id: `bench-${number}`,
    channel: {
      id: channel,
      type: 'sms',
      from: {id: channel, idType: 'Phone'},
      to: {id: toPhone(number), idType: 'Phone'},
      time: '2026-05-01T12:00:00.000Z',
    },
    type: 'Text',
    text: `Your order ${number} has shipped and will be with you tomorrow between nine and twelve. Reply STOP to opt out.`,
    content: [],
    direction: 'Outbound',
    originatingEntity: 'Human',
    metadata: {campaign: 'spring', record: String(number)},
  };
  return JSON.stringify({messages: [message]});
}
