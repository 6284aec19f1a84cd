import type {Direction, Reason} from './message.ts';

/** What keeps a channel from doing harm: asked before a text leaves for the first time. */
export interface Guards {
  /** Undefined: phones of all countries. */
  countries: AllowedCountries | undefined;
  /** Undefined: every phone. Numbers, or with a `*` at their end what numbers begin with. */
  onlyTo: readonly string[] | undefined;
  /** SMS on air a day; undefined: no limit. */
  dailySegments: number | undefined;
  /** Whose midnight begins a day. */
  timeZone: string;
  /** Undefined: nobody looks. */
  loop: LoopRule | undefined;
}

export interface AllowedCountries {
  /** ISO codes. */
  codes: readonly string[];
  /** The channel's own, because none are configured: then whoever has just written is answered, wherever. */
  isDefault: boolean;
}

/** So many texts there and back, none later than this after the one before it. */
export interface LoopRule {
  messages: number;
  withinMs: number;
}

/** One text between our sender and a phone. */
export interface Exchanged {
  direction: Direction;
  at: number;
}

export type GuardName = 'only_to' | 'country' | 'loop' | 'daily_cap' | 'outside_hours';

export interface Guarded {
  guard: GuardName;
  reason: Reason;
}

/** A phone that wrote this recently is in a conversation. */
export const conversationMs = 86_400_000;

export interface Addressee {
  to: string;
  /** Of those the number can belong to; asked only when it matters. */
  countries(): readonly string[];
  /** Ms since the phone wrote to this channel; undefined: not that is known. */
  wroteAgoMs: number | undefined;
}

/** Whether a text may go to this phone at all. */
export function guardAddressee({onlyTo, countries}: Guards, addressee: Addressee): Guarded | undefined {
  if (onlyTo !== undefined && !onlyTo.some(entry => fits(entry, addressee.to))) {
    return refuse('only_to', 'the phone is not in onlyTo, and this channel writes to nobody else');
  }
  if (countries === undefined || !/^(\w+:)?\+/.test(addressee.to)) return undefined;
  const {wroteAgoMs = Number.POSITIVE_INFINITY} = addressee;
  if (countries.isDefault && wroteAgoMs <= conversationMs) return undefined;
  const found = addressee.countries();
  if (found.some(code => countries.codes.includes(code))) return undefined;
  const where = found.length === 0 ? 'a number of no country' : `a number of ${found.join(' or ')}`;
  return refuse('country', `${where}, and allowedCountries of the channel are ${countries.codes.join(', ')}`);
}

/**
 * Whether two machines answer each other: both have written, in turns without a pause.
 * @param exchange the latest first, the text in question among them
 */
export function guardLoop({loop}: Guards, exchange: readonly Exchanged[]): Guarded | undefined {
  if (loop === undefined) return undefined;
  const counts = {inbound: 0, outbound: 0};
  let before = exchange[0]?.at ?? 0;
  for (const {direction, at} of exchange) {
    if (before - at > loop.withinMs) break;
    before = at;
    counts[direction] += 1;
  }
  if (2 * Math.min(counts.inbound, counts.outbound) < loop.messages) return undefined;
  const seconds = loop.withinMs / 1000;
  const message = `${loop.messages} texts went to and fro with no pause of ${seconds} s: two machines answer each other`;
  return {guard: 'loop', reason: {code: 'RateLimited', message}};
}

/** Which alert a count of the day's segments is due; each comes with one text only. */
export function toCapAlert(cap: number, total: number, added: number): 'near' | 'reached' | undefined {
  const passes = (mark: number) => total >= mark && total - added < mark;
  if (passes(cap)) return 'reached';
  return passes(Math.ceil(cap * 0.8)) ? 'near' : undefined;
}

export function refuseForDay(cap: number, day: string): Guarded {
  const message = `the channel's dailySegments (${cap}) of ${day} are used up`;
  return {guard: 'daily_cap', reason: {code: 'RateLimited', message}};
}

function refuse(guard: GuardName, message: string): Guarded {
  return {guard, reason: {code: 'MessageNotAllowed', message}};
}

function fits(entry: string, to: string): boolean {
  return entry.endsWith('*') ? to.startsWith(entry.slice(0, -1)) : to === entry;
}
