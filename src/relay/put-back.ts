import type {Decision} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {parseQueueName, toQueueName} from '../core/queue.ts';
import type {Claim, NewEvent, OutboundWork, Store} from '../store/store.ts';
import type {Gates} from './gates.ts';
import type {Aside} from './guard.ts';
import {hasLeft} from './prepare.ts';
import {settleSurely} from './settle.ts';
import {isUnsent} from './start.ts';

/** A text that is paused by itself is looked at again after this; `resume` makes it due at once. */
const heldBackMs = 600_000;
/** Until it is known whether somebody else holds it. */
export const putOffMs = 1000;
const heldBack: NewEvent = {event: 'held_back', detail: {why: 'paused by an operator'}};

/** One try for one segment, written down by itself. */
export interface Started {
  segment: number;
  attempt: number;
}

export interface PutBackOptions {
  store: Store;
  /** The carrier's. */
  name: string;
  gates: Pick<Gates, 'holdsBack' | 'isPaused'>;
  log: Log;
  meter: Meter;
  now(): number;
}

/** What becomes of a claim of which nothing leaves now. */
export function createPutBack({store, name, gates, log, meter, now}: PutBackOptions) {
  async function retry(
    claim: Claim,
    dueInMs: number,
    events: NewEvent[],
    more: Partial<Started> & {aside?: true} = {},
  ): Promise<void> {
    const {job, fence} = claim;
    const rest = {counts: false, events, ...more, isUnsent: isUnsent(claim)};
    await settleSurely(store, {job, fence, to: 'retry', dueInMs, ...rest}, log);
  }

  const waitForWord = (claim: Claim) => retry(claim, heldBackMs, [heldBack]);
  const stepAside = (claim: Claim) => retry(claim, 0, [heldBack], {aside: true});

  return {
    giveBack: (claim: Claim) => retry(claim, 0, []),
    /** For a moment; what was written down as started has not left. */
    putOff: (claim: Claim, started: Started | undefined) => retry(claim, putOffMs, [], started),
    /**
     * Undefined: no person stopped this very text, or a part of it has left, and the rest is sent. What another text behind it hurries is stopped as
     * what it was accepted as, too, and then the other goes on without it.
     */
    toHoldBack({queue, acceptedAt}: Claim, work: OutboundWork) {
      if (hasLeft(work)) return undefined;
      const {acceptedAs, priority, outbound} = work;
      const text = {phone: outbound.to, acceptedAt};
      if (gates.holdsBack(queue, text)) return waitForWord;
      if (acceptedAs === priority) return undefined;
      const own = toQueueName({...parseQueueName(queue), priority: acceptedAs});
      return gates.isPaused(own) || gates.holdsBack(own, text) ? stepAside : undefined;
    },
    putAside(claim: Claim, {dueInMs, zones}: Aside) {
      const detail = {until: now() + dueInMs, zones: zones.join(' ')};
      return retry(claim, dueInMs, [{event: 'waits_for_hours', detail}], {aside: true});
    },
    async end(claim: Claim, decision: Decision & {to: 'ended'}): Promise<void> {
      const {job, fence} = claim;
      const {state, by, reason, deadLetter} = decision;
      meter.ended({carrier: name, state});
      const events = [{event: state, detail: {carrier: name, reason: reason.code, message: reason.message}}];
      await settleSurely(
        store,
        {job, fence, to: 'ended', state, by, reason, deadLetter, events, isUnsent: isUnsent(claim)},
        log,
      );
    },
  };
}
