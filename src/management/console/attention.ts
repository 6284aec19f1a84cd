import type {CarrierStatus} from '../../carriers/carrier.ts';
import type {HealthStatus} from '../../core/breaker.ts';
import {findInCatalogue} from '../../core/events-catalogue.ts';
import type {Severity} from '../../core/operational-event.ts';
import {parseQueueName} from '../../core/queue.ts';
import type {Gate, QueueDepth} from '../../store/store.ts';
import type {EventCount} from '../event-ring.ts';
import type {LeavingPart, ReloadState} from '../parts.ts';
import {describe} from '../queues.ts';
import {toAge, toTimes} from './words.ts';

export interface Concern {
  severity: Severity;
  what: string;
  whatToDo?: string;
  href?: string;
}

export interface Situation {
  /** Undefined: the store does not answer. */
  held: {gates: readonly Gate[]; depths: readonly QueueDepth[]; newestDeadLetterAt: number | undefined} | undefined;
  carriers: readonly CarrierStatus[];
  health: readonly HealthStatus[];
  counts: readonly EventCount[];
  /** Of the configuration. */
  reload?: ReloadState;
  leaving?: readonly LeavingPart[];
  now: number;
}

const recentMs = 900_000;
const deadLetterMs = 86_400_000;
const lateMs = {interactive: 60_000, bulk: 3_600_000} as const;
/** What the situation itself tells better. */
const toldElsewhere: readonly string[] = [
  'config.reload_refused',
  'queue.parked',
  'queue.paused',
  'queue.draining',
  'queue.resumed',
  'breaker.open',
];
const order: readonly Severity[] = ['critical', 'warning', 'notice'];

/** What needs a person, the worst first; pure. */
export function toConcerns({held, carriers, health, counts, reload, leaving = [], now}: Situation): Concern[] {
  const concerns = [
    ...(held === undefined ? [storeDown] : ofHeld(held, now)),
    ...carriers
      .filter(({usable, leaving: isLeaving}) => !usable && isLeaving !== true)
      .map(carrier => ofCarrier(carrier, now)),
    ...health.filter(({kind, breaker}) => kind !== 'carrier' && breaker !== 'closed').map(one => ofPosts(one, now)),
    ...ofEvents(counts, now),
    ...(reload === undefined ? [] : ofReload(reload, now)),
    ...leaving.map(ofLeaving),
  ];
  return concerns.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

const storeDown: Concern = {
  severity: 'critical',
  what: 'The store does not answer: nothing new is taken, callers are told to come again.',
  whatToDo: 'See to its disk or database.',
};

function ofHeld({gates, depths, newestDeadLetterAt}: NonNullable<Situation['held']>, now: number): Concern[] {
  const letterAge = now - (newestDeadLetterAt ?? 0);
  const letters: Concern = {
    severity: 'notice',
    what: `Dead letters wait for a decision, the newest for ${toAge(letterAge)}.`,
    href: '/console/dead-letters',
  };
  return [
    ...gates.map(gate => ofGate(gate, now)),
    ...ofDepths(depths, now),
    ...(letterAge < deadLetterMs ? [letters] : []),
  ];
}

function ofGate({kind, filter, reason, by, since}: Gate, now: number): Concern {
  const where = describe(filter) || 'everything';
  const age = toAge(now - since);
  if (kind !== 'parked') {
    const what = kind === 'paused' ? 'Paused' : 'Drained';
    return {severity: 'warning', what: `${what} by ${by} for ${age}: ${where} (${reason}).`, href: '#stop'};
  }
  return {
    severity: 'critical',
    what: `Parked for ${age}: ${where}. ${reason}`,
    whatToDo: findInCatalogue('queue.parked')?.whatToDo,
  };
}

function ofDepths(depths: readonly QueueDepth[], now: number): Concern[] {
  return depths
    .map(depth => ({...depth, ...parseQueueName(depth.queue), ageMs: now - depth.oldestAt}))
    .filter(({priority, ageMs}) => ageMs > lateMs[priority])
    .map(({kind, channel, carrier, priority, waiting, ageMs}) => ({
      severity: 'warning' as const,
      what: `${waiting} ${priority} ${kind} of channel ${channel}${carrier === '' ? '' : ` by ${carrier}`} wait, the oldest for ${toAge(ageMs)}.`,
      href: '#queues',
    }));
}

function ofCarrier({name, state, since}: CarrierStatus, now: number): Concern {
  return {
    severity: 'critical',
    what: `Carrier ${name} can take nothing: ${state}, for ${toAge(now - since)}.`,
    whatToDo: 'Texts wait in order, or move to the channel’s next carrier.',
    href: '#carriers',
  };
}

function ofPosts({kind, name, channel = '', since, why}: HealthStatus, now: number): Concern {
  const what = kind === 'inbound' ? 'Texts from phones' : 'Receipts';
  return {
    severity: 'warning',
    what: `${what} for channel ${channel} of ${name} rest for ${toAge(now - since)}: ${why}.`,
    whatToDo: 'One is tried now and then; when it passes all of them go, in order.',
    href: '#platforms',
  };
}

function ofReload({successful, at, mistakes, needsRestart}: ReloadState, now: number): Concern[] {
  const refused: Concern = {
    severity: 'critical',
    what: `The configuration files were refused ${toAge(now - at)} ago, the former ones go on: ${mistakes.join(' ')}`,
    whatToDo: findInCatalogue('config.reload_refused')?.whatToDo,
  };
  const waiting: Concern = {
    severity: 'notice',
    what: `Changed settings wait for a restart: ${needsRestart.join(', ')}.`,
    whatToDo: findInCatalogue('config.needs_restart')?.whatToDo,
  };
  return [...(successful ? [] : [refused]), ...(needsRestart.length > 0 ? [waiting] : [])];
}

function ofLeaving({platform, channel, carrier, waiting}: LeavingPart): Concern {
  const way = carrier === undefined ? '' : ` by ${carrier}`;
  return {
    severity: 'notice',
    what: `Channel ${channel} of ${platform}${way} has left the configuration: ${waiting} wait, receipts may still come.`,
    whatToDo: 'It goes when it is empty. A restart before that makes dead letters of what waits.',
    href: '#queues',
  };
}

function ofEvents(counts: readonly EventCount[], now: number): Concern[] {
  return counts
    .filter(
      ({code, severity, lastAt}) => severity === 'critical' && now - lastAt < recentMs && !toldElsewhere.includes(code),
    )
    .map(({code, count, lastAt}) => ({
      severity: 'critical' as const,
      what: `${findInCatalogue(code)?.sentence ?? code} ${toTimes(count)}, last ${toAge(now - lastAt)} ago.`,
      whatToDo: findInCatalogue(code)?.whatToDo,
      href: `/console/events?code=${encodeURIComponent(code)}`,
    }));
}
