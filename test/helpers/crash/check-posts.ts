import type {NexusPost} from '../../../src/sandbox/nexus.ts';
import {memberOf} from '../../../src/sandbox/nexus-wire.ts';
import {checkRepeats, type Evidence, eventsOf} from './evidence.ts';
import {serialOf} from './texts.ts';

/** Each final text has told Nexus its end once, and nothing else has been told. */
export function checkReceipts(evidence: Evidence): string[] {
  const {peers, outbound} = evidence;
  const wrong: string[] = [];
  const posts = Map.groupBy(peers.nexus.receipts, post => String(memberOf(post.messages[0], 'id')));
  for (const message of outbound) {
    const {messageId, state} = message;
    const own = posts.get(messageId) ?? [];
    posts.delete(messageId);
    const what = `the receipt of ${messageId} (${state})`;
    if (state === 'unknown' || state === 'sent') {
      if (own.length > 0) wrong.push(`${what} was posted though nothing is final`);
      continue;
    }
    const status = state === 'delivered' ? 'Delivered' : 'Failed';
    if (own.length === 0) wrong.push(`${what} was never posted`);
    if (own.some(post => !isFinal(post, status))) wrong.push(`${what} is not a final ${status}`);
    wrong.push(...checkRepeats(what, own, eventsOf(message, 'posted', {of: 'receipt'}), evidence));
  }
  for (const messageId of posts.keys()) wrong.push(`Nexus got a receipt of nothing: ${messageId}`);
  return wrong;
}

function isFinal({messages}: NexusPost, status: string): boolean {
  return (
    messages.length === 1 &&
    memberOf(messages[0], 'status') === status &&
    memberOf(messages[0], 'isFinalReceipt') === true
  );
}

/** Each text from a phone that was acknowledged is one message, and was posted whole and once. */
export function checkHeard(evidence: Evidence): string[] {
  const {peers, promises, inbound} = evidence;
  const wrong: string[] = [];
  const posts = Map.groupBy(peers.nexus.messages, post => serialOf(textOf(post)));
  const known = new Map(inbound.map(message => [message.messageId, message]));
  for (const {serial, phone, text, acknowledged} of promises.heard) {
    const own = posts.get(serial) ?? [];
    posts.delete(serial);
    const what = `text ${serial} from ${phone}`;
    if (own.length === 0) {
      if (acknowledged) wrong.push(`${what} was acknowledged and never posted`);
      continue;
    }
    const [messageId = '', ...others] = new Set(own.map(post => String(memberOf(post.messages[0], 'id'))));
    if (others.length > 0) wrong.push(`${what} was posted as ${others.length + 1} messages`);
    if (own.some(post => textOf(post) !== text)) wrong.push(`${what} is not what was written: ${textOf(own[0])}`);
    const message = known.get(messageId);
    known.delete(messageId);
    if (message?.state !== 'posted') wrong.push(`${what} is ${message?.state}`);
    else wrong.push(...checkRepeats(what, own, eventsOf(message, 'posted', {of: 'inbound'}), evidence));
  }
  for (const serial of posts.keys()) wrong.push(`Nexus got a text nobody wrote: ${serial}`);
  for (const messageId of known.keys()) wrong.push(`${messageId} was made of nothing`);
  return wrong;
}

/** In each lane texts are posted in the order they were written. Those Twilio got no answer for may come late or never. */
export function checkHeardOrder({peers, promises}: Evidence): string[] {
  const wrong: string[] = [];
  const acknowledged = new Set(promises.heard.filter(heard => heard.acknowledged).map(({serial}) => serial));
  const lanes = Map.groupBy(peers.nexus.messages, post => `${post.channelId} ${phoneOf(post)}`);
  for (const [lane, posts] of lanes) {
    let highest = 0;
    for (const post of posts) {
      const serial = serialOf(textOf(post));
      if (!acknowledged.has(serial)) continue;
      if (serial < highest) wrong.push(`${lane}: text ${serial} was posted after ${highest}`);
      highest = Math.max(highest, serial);
    }
  }
  return wrong;
}

function textOf(post: NexusPost | undefined): string {
  return String(memberOf(post?.messages[0], 'text'));
}

function phoneOf(post: NexusPost): string {
  return String(memberOf(memberOf(memberOf(post.messages[0], 'channel'), 'from'), 'id'));
}
