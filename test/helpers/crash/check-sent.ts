import {made} from '../../../src/sandbox/peers.ts';
import type {Evidence} from './evidence.ts';
import {eventsOf, wasKilledBetween} from './evidence.ts';
import type {Sent} from './promises.ts';
import type {Known} from './read-back.ts';
import type {Run} from './runs.ts';
import {serialOf} from './texts.ts';

/** One segment, or one message at Twilio, as the carrier got it. */
export interface Arrival {
  serial: number;
  phone: string;
  text: string;
  at: number;
  carrierMessageId: string;
}

/** What was in flight when a process was killed had left no longer than this before: its answer, and the commit of that answer, on a busy machine. */
const inFlightMs = 1500;

export function toArrivals({peers}: Evidence): Arrival[] {
  const bySmsc = peers.smsc.submits.map(({destination, text, at, messageId}) => {
    return {serial: serialOf(text), phone: `+${destination}`, text, at, carrierMessageId: messageId ?? ''};
  });
  const byTwilio = peers.twilio.messages
    .filter(({direction}) => direction === 'outbound-api')
    .map(({To, Body, at, sid}) => ({serial: serialOf(Body), phone: To, text: Body, at, carrierMessageId: sid}));
  return [...bySmsc, ...byTwilio];
}

/** No text reaches a carrier twice, and what a handset shows is what was written. */
export function checkOnce({promises, peers}: Evidence, arrivals: readonly Arrival[]): string[] {
  const wrong: string[] = [];
  const seen = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const key = `${arrival.phone} ${arrival.text}`;
    const before = seen.get(key);
    if (before !== undefined)
      wrong.push(`text ${arrival.serial} reached its carrier at ${before.at} and ${arrival.at}`);
    seen.set(key, arrival);
  }
  const texts = new Map(promises.sent.map(sent => [sent.serial, sent]));
  for (const {to, text} of peers.smsc.phones) {
    const sent = texts.get(serialOf(text));
    if (sent?.text !== text || sent.phone !== `+${to}`) wrong.push(`phone ${to} shows what nobody wrote: ${text}`);
  }
  return wrong;
}

/** Each text that was acknowledged stands in the state its carrier's answers and receipts make of it. */
export function checkStates(evidence: Evidence, arrivals: readonly Arrival[]): string[] {
  const known = new Map(evidence.outbound.map(message => [message.messageId, message]));
  const arrived = Map.groupBy(arrivals, ({serial}) => serial);
  const wrong = evidence.promises.sent.flatMap(sent => {
    const message = known.get(sent.messageId);
    if (message === undefined) return [`text ${sent.serial} was acknowledged and is not there`];
    const own = arrived.get(sent.serial) ?? [];
    const why =
      message.state === 'unknown' ? checkUnknown(evidence, message, own) : checkKnown(evidence, sent, message, own);
    return why.map(each => `text ${sent.serial} to ${sent.phone} ${each}: ${describe(message, own)}`);
  });
  const ids = new Set(evidence.promises.sent.map(({messageId}) => messageId));
  if (ids.size !== evidence.promises.sent.length) wrong.push('two texts have one messageId');
  for (const {messageId} of evidence.outbound) if (!ids.has(messageId)) wrong.push(`${messageId} was made of nothing`);
  return wrong;
}

function checkKnown(evidence: Evidence, sent: Sent, message: Known, own: readonly Arrival[]): string[] {
  const isWhole = own.map(({text}) => text).join('') === sent.text;
  if (sent.channel === made.smppChannel) {
    const fails = evidence.promises.failing.has(sent.serial);
    const expected = fails ? 'failed' : 'delivered';
    if (message.state !== expected) return [`is ${message.state}, not ${expected}`];
    return isWhole || fails ? [] : [`is ${message.state} and has not reached the SMSC whole`];
  }
  const finals = own.map(({carrierMessageId}) => evidence.calledBack.get(carrierMessageId));
  const isToldAll = finals.every(status => status === 'delivered');
  if (!isWhole) return [`is ${message.state} and has not reached Twilio whole`];
  if (isToldAll && message.state !== 'delivered') return [`is ${message.state} though all its callbacks were answered`];
  return message.state === 'delivered' || message.state === 'sent' ? [] : [`is ${message.state}`];
}

/** `unknown` is right only for what a killed process had begun and not seen answered, and of which nothing was heard since. */
function checkUnknown(evidence: Evidence, message: Known, own: readonly Arrival[]): string[] {
  const {runs, outbound, calledBack} = evidence;
  const wrong: string[] = [];
  const marks = eventsOf(message, 'unknown');
  if (marks.length === 0) wrong.push('is unknown and no restart made it so');
  const open = message.segments.filter(({state}) => state === 'unknown');
  if (open.length !== 1) wrong.push(`has ${open.length} unknown segments`);
  for (const {at} of marks) if (!isStarting(runs, at)) wrong.push(`became unknown at ${at}, when no process started`);
  const answered = message.segments.filter(({carrierMessageId}) => carrierMessageId !== null).length;
  const [inFlight, ...others] = own.slice(answered);
  if (others.length > 0) wrong.push('is unknown and more than one segment of it was in flight');
  if (inFlight === undefined) return wrong;
  if (!wasKilledBetween(runs, inFlight.at, inFlight.at + inFlightMs))
    wrong.push('is unknown and was not in flight at a kill');
  const rivals = outbound.filter(({to, carrier, state}) => {
    return to === message.to && carrier === message.carrier && state === 'unknown';
  });
  const isCalledBack = calledBack.has(inFlight.carrierMessageId);
  const isReceipted = message.channel === made.smppChannel && rivals.length === 1;
  if (isCalledBack || isReceipted) wrong.push('is unknown though its receipt fits nothing else');
  return wrong;
}

const skewMs = 50;

function isStarting(runs: readonly Run[], at: number): boolean {
  return runs.some(({spawnedAt, readyAt, killedAt}) => {
    return at >= spawnedAt - skewMs && at <= (readyAt ?? killedAt ?? Number.POSITIVE_INFINITY) + skewMs;
  });
}

function describe(message: Known, own: readonly Arrival[]): string {
  return JSON.stringify({
    messageId: message.messageId,
    segments: message.segments,
    events: message.events,
    arrivals: own.map(({at, carrierMessageId}) => ({at, carrierMessageId})),
  });
}

/**
 * In each lane texts arrive in the order they were written, the segments of each without another's between them. What is left of a text that was
 * interrupted (by a death, by a cut link) leaves once it is known that its beginning had arrived: only its beginning has a place. What was `unknown`
 * until it was known that it had not left has none.
 */
export function checkSentOrder({outbound, promises}: Evidence, arrivals: readonly Arrival[]): string[] {
  const known = new Map(outbound.map(message => [message.messageId, message]));
  const messages = new Map(promises.sent.map(({serial, messageId}) => [serial, known.get(messageId)]));
  const isInterrupted = (serial: number) => {
    const message = messages.get(serial);
    return message !== undefined && ['unknown', 'send_unknown'].some(event => eventsOf(message, event).length > 0);
  };
  const hadNotLeft = (serial: number) => {
    const message = messages.get(serial);
    return message !== undefined && eventsOf(message, 'had_not_left').length > 0;
  };
  const wrong: string[] = [];
  for (const [phone, all] of Map.groupBy(arrivals, arrival => arrival.phone)) {
    const begun = new Set<number>();
    const lane = all.filter(({serial}) => {
      if (hadNotLeft(serial)) return false;
      const isRest = begun.has(serial) && isInterrupted(serial);
      begun.add(serial);
      return !isRest;
    });
    let highest = 0;
    for (const [index, {serial, at}] of lane.entries()) {
      if (serial <= highest && lane[index - 1]?.serial !== serial) {
        const stories = [serial, highest].map(each => tellStory(each, messages.get(each), all));
        wrong.push(`text ${serial} reached ${phone} at ${at}, after ${highest}. ${stories.join('; ')}`);
      }
      highest = Math.max(highest, serial);
    }
  }
  return wrong;
}

function tellStory(serial: number, message: Known | undefined, lane: readonly Arrival[]): string {
  const own = lane.filter(arrival => arrival.serial === serial);
  return message === undefined ? `${serial} is not there` : `${serial}: ${describe(message, own)}`;
}
