import type {ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from './until.ts';
import {startWorld} from './world.ts';

const phone = '+14155550123';
const others = Array.from({length: 20}, (_, index) => `+1415555040${String(index).padStart(2, '0')}`);
const atOnce = 100;

/** A campaign queues `count` texts to one phone, and one to each of others; the phone says STOP, again and again, while they leave. */
export async function floodAndStop(t: ExecutionContext, count: number, deadlineMs: number): Promise<void> {
  const block = '    priority: bulk\n    keywords: {mode: handle}';
  const world = await startWorld(t, {
    more: {smsc: '    messagesPerSecond: 50', smppChannel: block},
    edit: file => file.replace('    priority: interactive\n    priority: bulk', '    priority: bulk'),
  });
  const {nexus, smsc} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, priority: 'bulk'});
  for (let from = 0; from < count; from += atOnce) {
    const texts = Array.from({length: Math.min(atOnce, count - from)}, (_, index) => `offer ${from + index}`);
    await Promise.all(texts.map(text => world.send({to: phone, text})));
  }
  await Promise.all(others.map(to => world.send({to, text: 'offer'})));
  await world.api('/api/resume', {channel: made.smppChannel, priority: 'bulk'});
  await until('the campaign to leave', () => smsc.submits.length > 10, deadlineMs);

  const stop = (text: string) => smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text});
  t.deepEqual(await stop('STOP'), [0]);
  const stoppedAt = Date.now();
  await Promise.all(['stop', 'Stop.', 'STOP!', 'unsubscribe', 'END'].map(stop));
  const total = count + others.length;
  await until('a receipt for every text', () => nexus.receipts.length >= total, deadlineMs);
  const failed = nexus.receipts.filter(({messages}) => JSON.stringify(messages).includes('RecipientOptedOut'));
  const sent = smsc.submits.filter(({destination}) => destination.endsWith(phone.slice(1)));
  const offers = sent.filter(({text}) => text.startsWith('offer'));
  t.is(failed.length, count - offers.length);
  t.is(nexus.receipts.length, total, 'one receipt each, and none for the confirmation');

  const late = offers.filter(({at}) => at > stoppedAt + 1000);
  t.deepEqual(late, [], 'none leaves from one second on');
  t.is(sent.length - offers.length, 1, 'one confirmation');
}
