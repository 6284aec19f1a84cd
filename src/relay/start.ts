import type {Plan} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {Claim, Start, Store} from '../store/store.ts';
import {isHeld} from './claimed.ts';
import type {Work} from './prepare.ts';
import type {Started} from './put-back.ts';

export interface StartOptions {
  store: Pick<Store, 'start' | 'replicas'>;
  /** The carrier's. */
  name: string;
  giveBack(claim: Claim): Promise<void>;
  /** The same for a moment; what was written down as `started` has not left. */
  putOff(claim: Claim, started: Started | undefined): Promise<void>;
  log: Log;
  now(): number;
}

/** Writes down that a segment is about to leave, where that was not done with the text itself. */
export function createStart({store, name, giveBack, putOff, log, now}: StartOptions) {
  async function write({claim, outbound, plan}: Work, segment: number, attempt: number): Promise<boolean> {
    const {job, fence} = claim;
    const {priority} = outbound;
    try {
      return await store.start({job, fence, segment, attempt, carrier: name, plan: toNoted(plan), priority});
    } catch (error) {
      const {messageId, traceId} = outbound.outbound;
      log.error('delivery.start_failed', {messageId, traceId, why: String(error)});
      await giveBack(claim);
      return false;
    }
  }

  return {
    /** False: it does not leave now. */
    async start(work: Work, segment: number, attempt: number): Promise<boolean> {
      const {claim, outbound, plan} = work;
      const isStarted = outbound.isStarted === true;
      if (!isStarted && !(await write(work, segment, attempt))) return false;
      // Settings may have changed since it came; and a commit may have been in doubt for longer than others wait.
      const isAsPlanned = !isStarted || isSame(outbound.plan, plan);
      if (!isAsPlanned || !isHeld(store, claim)) {
        await putOff(claim, isStarted ? undefined : {segment, attempt});
        return false;
      }
      // From here on it may have left.
      outbound.isStarted = false;
      return true;
    },
    /** False: it has waited for its turn, and does not leave any more. Meanwhile others may have given this replica up, or its time is over. */
    async mayStillLeave({claim}: Work, started: Started): Promise<boolean> {
      if (isHeld(store, claim) && claim.expiresAt > now()) return true;
      await putOff(claim, started);
      return false;
    },
  };
}

function isSame(noted: Start['plan'] | undefined, {name, segments}: Plan): boolean {
  return noted?.name === name && noted.segments === segments;
}

/** What is kept of a plan. */
export function toNoted({name, segments}: Plan): Start['plan'] {
  return {name, segments};
}

/** It was written down as started with its text, and has not left. */
export function isUnsent({work}: Claim): boolean {
  return work.kind === 'outbound' && work.isStarted === true;
}
