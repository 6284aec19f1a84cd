import {outboundQueue, postQueue} from '../../src/core/queue.ts';
import {made} from '../../src/sandbox/peers.ts';
import type {NewOutbound} from '../../src/store/store.ts';
import {toPhone} from './ledger.ts';

/** Texts as a campaign's, for a store without a gateway before it. A gateway between the sandbox's parties may take such a store over. */
const [platform, channel, carrier] = ['acme', made.smppChannel, 'smsc-a'];
export const textQueue = outboundQueue(platform, channel, carrier, 'bulk');
export const receiptQueue = postQueue('receipt', platform, channel);
export const textCarrier = carrier;

const replyWindowMs = 86_400_000;
const expiresInMs = 7 * 86_400_000;

export function toText(number: number): NewOutbound {
  const text = 'Your order has left our house and will be with you tomorrow between nine and eleven.';
  const outbound = {
    messageId: toId(number),
    platform,
    channel,
    from: `+${channel}`,
    to: `+${toPhone(number)}`,
    text,
    media: [],
    traceId: 'a'.repeat(32),
  };
  const raw = JSON.stringify({messages: [{text, padding: 'x'.repeat(400)}]});
  return {outbound, raw, priority: 'bulk', carrier, replyWindowMs, expiresInMs};
}

/** As ids are: of a hash, in no order. */
function toId(number: number): string {
  return ((BigInt(number + 1) * 0x9e3779b97f4a7c15n) % 2n ** 64n).toString(16).padStart(16, '0');
}
