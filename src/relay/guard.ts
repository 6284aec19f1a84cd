import type {Plan} from '../carriers/carrier.ts';
import type {Channel} from '../core/channel.ts';
import type {Decision} from '../core/decide.ts';
import {
  type Guarded,
  type GuardName,
  type Guards,
  guardAddressee,
  guardLoop,
  type LoopRule,
  refuseForDay,
  toCapAlert,
} from '../core/guards.ts';
import {toLocalTime} from '../core/local-time.ts';
import type {Log, LogFields} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {type SendingHours, toOpeningMs} from '../core/sending-hours.ts';
import {toZones} from '../core/zones.ts';
import type {Claim, OutboundWork, Spent, Store} from '../store/store.ts';

export interface GuardOptions {
  store: Pick<Store, 'exchange' | 'spend'>;
  /** ISO codes of the countries a number can belong to. */
  countriesOf(phone: string): readonly string[];
  log: Log;
  meter: Pick<Meter, 'guarded'>;
  now(): number;
}

type Ended = Decision & {to: 'ended'};

/** It waits for its hours, and nobody waits for it. */
export interface Aside {
  to: 'aside';
  dueInMs: number;
  zones: readonly string[];
}

type Said = Ended | Aside | undefined;

export interface Guard {
  /** Whether a text may go now; undefined: it may. A promise only where the store is asked, which rejects when it can't say. */
  ask(channel: Channel, claim: Claim, work: OutboundWork): Said | Promise<Said>;
  /** Whether a text may be written down as started before they are asked: what was started counts as counted, and nothing waits for hours so. */
  mayStartFirst(channel: Channel): boolean;
  /** Whether `spend` has anything to count. */
  counts(channel: Channel): boolean;
  /** Counts it for its channel's day, the last thing before it leaves; undefined: it may. Rejects likewise. */
  spend(channel: Channel, work: OutboundWork, plan: Plan): Promise<Ended | undefined>;
}

/** A loop has both sides' texts among so many of the last ones. */
const exchangeFactor = 4;

/** The guards of all channels: what they count and look at is the store's, so that replicas and restarts change nothing. */
export function createGuard({store, countriesOf, log, meter, now}: GuardOptions): Guard {
  /** The day of each channel whose end of segments was told. */
  const told = new Map<string, string>();

  function refuse(channel: Channel, {outbound}: OutboundWork, {guard, reason}: Guarded): Ended {
    const {platform, id} = channel;
    meter.guarded({platform, guard});
    const {messageId, traceId, to: phone} = outbound;
    tell(guard, {messageId, traceId, platform, channel: id, phone, why: reason.message});
    return toEnded(guard, reason);
  }

  /** The alert of a day that is used up is the day's, not each text's. */
  function tell(guard: GuardName, fields: LogFields): void {
    if (guard === 'loop') log.error('guard.loop', fields);
    if (guard === 'country') log.warn('guard.country', fields);
    if (guard === 'only_to') log.warn('guard.only_to', fields);
    if (guard === 'outside_hours') log.warn('guard.outside_hours', fields);
    if (guard === 'daily_cap') log.info('guard.daily_cap', fields);
  }

  async function askExchange(channel: Channel, guards: Guards, work: OutboundWork): Promise<Said> {
    const looked = exchangeFactor * (guards.loop?.messages ?? 0);
    const looping = guardLoop(guards, await store.exchange(work.outbound.messageId, looked));
    return looping === undefined ? askHours(channel, work) : refuse(channel, work, looping);
  }

  function askHours(channel: Channel, work: OutboundWork): Said {
    const {sendingHours: hours} = channel;
    if (hours === undefined || work.acceptedAs !== 'bulk' || work.outbound.answers !== undefined) return undefined;
    const zones = toZonesOf(channel, hours, work.outbound.to);
    const dueInMs = toOpeningMs(now(), zones, hours);
    if (dueInMs === 0) return undefined;
    if (dueInMs === undefined || hours.outside === 'expire') {
      const where = zones.length > 3 ? `${zones.length} zones` : zones.join(' and ');
      const message =
        dueInMs === undefined
          ? `no time is within sendingHours in all zones the number can be in (${where})`
          : `it is not within sendingHours where the phone can be (${where})`;
      return refuse(channel, work, {guard: 'outside_hours', reason: {code: 'MessageExpired', message}});
    }
    meter.guarded({platform: channel.platform, guard: 'outside_hours'});
    return {to: 'aside', dueInMs, zones};
  }

  function toZonesOf({guards}: Channel, hours: SendingHours, to: string): readonly string[] {
    const phone = to.replace(/^\w+:/, '');
    const zones = hours.zones ?? (phone.startsWith('+') ? toZones(phone, countriesOf(phone)) : []);
    return zones.length > 0 ? zones : [guards?.timeZone ?? 'UTC'];
  }

  function tellOfDay(channel: Channel, cap: number, day: string, {granted, total}: Spent, segments: number): void {
    const {platform, id} = channel;
    const alert = granted ? toCapAlert(cap, total, segments) : 'reached';
    const fields = {platform, channel: id, day, segments: total, cap};
    if (alert === 'near') log.warn('guard.daily_cap_near', fields);
    if (alert !== 'reached' || told.get(`${platform} ${id}`) === day) return;
    told.set(`${platform} ${id}`, day);
    log.error('guard.daily_cap_reached', fields);
  }

  return {
    ask(channel, claim, work) {
      const {guards} = channel;
      const {to} = work.outbound;
      const wroteAgoMs = work.heardAt === undefined ? undefined : now() - work.heardAt;
      const addressee = {to, countries: () => countriesOf(to), wroteAgoMs};
      const refused = guards && guardAddressee(guards, addressee);
      if (refused !== undefined) return refuse(channel, work, refused);
      const mayLoop = guards?.loop !== undefined && hasTalked(claim, work, guards.loop);
      return mayLoop ? askExchange(channel, guards, work) : askHours(channel, work);
    },
    mayStartFirst: ({guards, sendingHours}) => guards?.dailySegments === undefined && sendingHours === undefined,
    counts: ({guards}) => guards?.dailySegments !== undefined,
    async spend(channel, work, {segments: count, airSegments}) {
      const {guards, platform, id} = channel;
      const cap = guards?.dailySegments;
      if (guards === undefined || cap === undefined) return undefined;
      const segments = airSegments?.reduce((sum, one) => sum + one, 0) ?? count;
      const {day} = toLocalTime(now(), guards.timeZone);
      const spent = await store.spend({platform, channel: id, day, segments, cap});
      tellOfDay(channel, cap, day, spent, segments);
      return spent.granted ? undefined : refuse(channel, work, refuseForDay(cap, day));
    },
  };
}

/** The phone wrote shortly before the text was accepted, or since. */
function hasTalked({acceptedAt}: Claim, {heardAt}: OutboundWork, {withinMs}: LoopRule): boolean {
  return heardAt !== undefined && heardAt >= acceptedAt - withinMs;
}

function toEnded(guard: GuardName, reason: Guarded['reason']): Ended {
  const state = guard === 'outside_hours' ? 'expired' : 'failed';
  return {to: 'ended', state, by: 'policy', reason, deadLetter: guard};
}
