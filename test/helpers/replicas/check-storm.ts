import {jitterMs} from '../../../src/core/pace.ts';
import {made} from '../../../src/sandbox/peers.ts';
import {checkHeard, checkHeardOrder, checkReceipts} from '../crash/check-posts.ts';
import {type Arrival, checkOnce, checkSentOrder, toArrivals} from '../crash/check-sent.ts';
import {eventsOf} from '../crash/evidence.ts';
import type {Sent} from '../crash/promises.ts';
import type {Known} from '../crash/read-back.ts';
import {limits, type ReplicaStorm} from './storm.ts';
import type {Seen} from './watch.ts';

/** Every promise that was not kept, as a sentence. */
export function checkReplicaStorm(storm: ReplicaStorm): string[] {
  const arrivals = toArrivals(storm);
  return [
    ...storm.promises.strange,
    ...checkOnce(storm, arrivals),
    ...checkKept(storm, arrivals),
    ...checkSentOrder(storm, arrivals),
    ...checkReceipts(storm),
    ...checkHeard(storm),
    ...checkHeardOrder(storm),
    ...checkRate(storm),
    ...checkBinds(storm),
  ];
}

/** Nothing that was acknowledged is lost: it arrived whole and its end is known, or it is said of it that nobody knows. */
function checkKept(storm: ReplicaStorm, arrivals: readonly Arrival[]): string[] {
  const known = new Map(storm.outbound.map(message => [message.messageId, message]));
  const arrived = Map.groupBy(arrivals, ({serial}) => serial);
  return storm.promises.sent.flatMap(sent => {
    const message = known.get(sent.messageId);
    if (message === undefined) return [`text ${sent.serial} was acknowledged and is not there`];
    const why = checkEnd(storm, sent, message, arrived.get(sent.serial) ?? []);
    return why === undefined ? [] : [`text ${sent.serial} ${why}: ${JSON.stringify(message)}`];
  });
}

function checkEnd(storm: ReplicaStorm, sent: Sent, message: Known, own: readonly Arrival[]): string | undefined {
  const isWhole = own.map(({text}) => text).join('') === sent.text;
  if (message.state === 'unknown') {
    const open = message.segments.filter(({state}) => state === 'unknown').length;
    return open === 1 ? undefined : `is unknown with ${open} unknown segments`;
  }
  if (storm.promises.failing.has(sent.serial)) return message.state === 'failed' ? undefined : `is ${message.state}`;
  if (!isWhole) return `is ${message.state} and has not arrived whole`;
  const isTold =
    sent.channel === made.smppChannel || own.every(arrival => storm.calledBack.has(arrival.carrierMessageId));
  if (message.state === 'delivered' || (message.state === 'sent' && !isTold)) return undefined;
  return `is ${message.state} though its end was told`;
}

/** No second at the SMSC saw more than was agreed, whoever sent; what it read later than the pace leaves room for counts from when it may have come. */
function checkRate({seen}: ReplicaStorm): string[] {
  const wrong: string[] = [];
  for (const [index, {at}] of seen.entries()) {
    const first = seen[index - limits.messagesPerSecond];
    if (first === undefined) continue;
    const apartMs = at - first.at;
    if (apartMs + Math.max(0, first.lateMs - jitterMs) < 1000)
      wrong.push(`${limits.messagesPerSecond + 1} segments in ${apartMs} ms, the first read ${first.lateMs} ms late`);
  }
  return wrong;
}

function checkBinds({mostBinds}: ReplicaStorm): string[] {
  return mostBinds <= limits.binds ? [] : [`${mostBinds} binds at one time`];
}

export function summarize({
  outbound,
  inbound,
  runs,
  peers,
  cuts,
  silences,
  mostBinds,
  seen,
}: ReplicaStorm): Record<string, number> {
  const count = (state: string) => outbound.filter(message => message.state === state).length;
  return {
    processes: runs.length,
    cuts,
    silences: silences.length,
    mostBinds,
    outbound: outbound.length,
    interrupted: outbound.filter(known => eventsOf(known, 'unknown').length > 0).length,
    unknown: count('unknown'),
    delivered: count('delivered'),
    failed: count('failed'),
    submits: peers.smsc.submits.length,
    mostInASecond: toMostInASecond(seen),
    latestReadMs: Math.round(Math.max(...seen.map(({lateMs}) => lateMs))),
    inbound: inbound.length,
  };
}

function toMostInASecond(seen: readonly Seen[]): number {
  let [first, most] = [0, 0];
  for (const [index, {at}] of seen.entries()) {
    while (at - (seen[first]?.at ?? at) >= 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
