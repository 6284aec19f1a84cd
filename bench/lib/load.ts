import {createHmac} from 'node:crypto';
import {Pool} from 'undici';
import {made} from '../../src/sandbox/peers.ts';

export interface Load {
  url: string;
  /** A different phone for each. */
  count: number;
  connections: number;
  /** Makes ids differ between rounds. */
  round: string;
  channel?: string;
  /** Told the ms each answer took. */
  onAnswer?(ms: number, status: number, index: number): void;
}

/** Posts signed webhooks, as many at once as there are connections; resolves when the last is answered. */
export async function postWebhooks({
  url,
  count,
  connections,
  round,
  channel = made.smppChannel,
  onAnswer,
}: Load): Promise<void> {
  const pool = new Pool(url, {connections});
  const path = `/nexus/webhook/acme/${channel}`;
  let next = 0;

  async function worker(): Promise<void> {
    while (next < count) {
      const index = next;
      next += 1;
      const body = toBody(round, index, channel);
      const signature = createHmac('sha1', made.webhookSecret).update(body).digest('hex');
      const from = performance.now();
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: {'content-type': 'application/json', 'x-hub-signature': `sha1=${signature}`},
        body,
      });
      await answer.body.dump();
      onAnswer?.(performance.now() - from, answer.statusCode, index);
    }
  }

  await Promise.all(Array.from({length: connections}, worker));
  await pool.close();
}

/** About 600 bytes, the likeliest form of a RichMedia message. */
export function toBody(round: string, index: number, channel: string): string {
  const message = {
    id: `bench-${round}-${index}`,
    channel: {
      id: channel,
      type: 'sms',
      from: {id: channel, idType: 'Phone'},
      to: {id: String(14_150_000_000 + index), idType: 'Phone'},
      time: '2026-05-01T12:00:00.000Z',
    },
    type: 'Text',
    text: `Your order ${index} has shipped and will be with you tomorrow between nine and twelve. Reply STOP to opt out.`,
    content: [],
    direction: 'Outbound',
    originatingEntity: 'Human',
    metadata: {campaign: 'spring', record: String(index)},
  };
  return JSON.stringify({messages: [message]});
}
