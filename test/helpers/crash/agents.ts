import {toWebhookBody} from '../../../src/sandbox/nexus-sender.ts';
import type {Peers} from '../../../src/sandbox/peers.ts';
import {made} from '../../../src/sandbox/peers.ts';
import {sleep} from './clock.ts';
import type {Promises, Sent} from './promises.ts';
import type {Random} from './random.ts';
import {makeText, type Shape} from './texts.ts';

export interface TrafficOptions {
  peers: Peers;
  /** The gateway's public address, which outlives its processes. */
  url: string;
  promises: Promises;
  random: Random;
  isOver(): boolean;
  /** Nobody wants to know any more. */
  signal: AbortSignal;
  /** The shortest and the longest rest of an agent between two texts, ms. */
  restMs?: readonly [number, number];
}

const smppPhones = ['+14155550101', '+14155550102', '+14155550103', '+14155550104', '+14155550105', '+14155550106'];
const twilioPhones = ['+14155550201', '+14155550202', '+14155550203', '+14155550204'];
const smppShapes: readonly [Shape, ...Shape[]] = ['short', 'short', 'short', 'long', 'long', 'wide'];
const twilioShapes: readonly [Shape, ...Shape[]] = ['short', 'short', 'short', 'long', 'split'];
const againMs = 40;
/** So many of one are undeliverable, and sent again although they were answered. */
const failing = 0.04;
const redelivered = 0.1;

/**
 * Agents who write to phones, one text after the other in each lane. As Nexus does, a webhook that got no answer or a 5XX is sent again as it was,
 * and now and then one that had its answer too. Ends with one text more in each lane after `isOver`.
 */
export async function writeToPhones(options: TrafficOptions): Promise<void> {
  const {promises, random, isOver, restMs = [5, 120]} = options;
  const again: Array<Promise<void>> = [];

  async function runLane(channel: string, phone: string, shapes: readonly [Shape, ...Shape[]]): Promise<void> {
    for (let last = false; !last; ) {
      last = isOver();
      const serial = promises.nextSerial();
      const text = makeText(serial, random.pick(shapes), random);
      if (channel === made.smppChannel && random.chance(failing)) promises.failing.add(serial);
      const sent: Sent = {serial, channel, phone, text, messageId: ''};
      promises.sent.push(sent);
      const body = toWebhookBody({channelId: channel, to: phone, text});
      sent.messageId = await post(sent, body);
      if (random.chance(redelivered)) again.push(postAgain(sent, body));
      await sleep(random.between(...restMs));
    }
  }

  async function post({channel, serial}: Sent, body: unknown): Promise<string> {
    const webhookUrl = `${options.url}/nexus/webhook/acme/${channel}`;
    for (;;) {
      if (options.signal.aborted) return '';
      const answer = await options.peers.nexus.sendText({webhookUrl, channelId: channel, body}).catch(() => undefined);
      if (answer?.status === 200) return (answer.body as {messageId: string}).messageId;
      if (answer !== undefined && answer.status !== 503) {
        promises.strange.push(`webhook of ${serial}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      await sleep(againMs);
    }
  }

  async function postAgain(sent: Sent, body: unknown): Promise<void> {
    await sleep(random.between(0, 400));
    const messageId = await post(sent, body);
    if (messageId !== sent.messageId) {
      promises.strange.push(`redelivery of ${sent.serial}: ${messageId} instead of ${sent.messageId}`);
    }
  }

  await Promise.all([
    ...smppPhones.map(phone => runLane(made.smppChannel, phone, smppShapes)),
    ...twilioPhones.map(phone => runLane(made.twilioChannel, phone, twilioShapes)),
  ]);
  await Promise.all(again);
}
