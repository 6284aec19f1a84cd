import type {Decision} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Claim, NewEvent, Store} from '../store/store.ts';
import type {Aside} from './guard.ts';
import {settleSurely} from './settle.ts';

/** A text that is paused by itself is looked at again after this; `resume` makes it due at once. */
const heldBackMs = 600_000;

export interface PutBackOptions {
  store: Store;
  /** The carrier's. */
  name: string;
  log: Log;
  meter: Meter;
  now(): number;
}

/** What becomes of a claim of which nothing leaves now. */
export function createPutBack({store, name, log, meter, now}: PutBackOptions) {
  async function retry({job, fence}: Claim, dueInMs: number, events: NewEvent[], aside?: true): Promise<void> {
    await settleSurely(store, {job, fence, to: 'retry', dueInMs, counts: false, events, aside}, log);
  }

  return {
    giveBack: (claim: Claim) => retry(claim, 0, []),
    putOff: (claim: Claim) => retry(claim, heldBackMs, [{event: 'held_back', detail: {why: 'paused by an operator'}}]),
    putAside(claim: Claim, {dueInMs, zones}: Aside) {
      const detail = {until: now() + dueInMs, zones: zones.join(' ')};
      return retry(claim, dueInMs, [{event: 'waits_for_hours', detail}], true);
    },
    async end({job, fence}: Claim, decision: Decision & {to: 'ended'}): Promise<void> {
      const {state, by, reason, deadLetter} = decision;
      meter.ended({carrier: name, state});
      const events = [{event: state, detail: {carrier: name, reason: reason.code, message: reason.message}}];
      await settleSurely(store, {job, fence, to: 'ended', state, by, reason, deadLetter, events}, log);
    },
  };
}
