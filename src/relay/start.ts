import type {Plan} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {Claim, Start, Store} from '../store/store.ts';
import type {Work} from './prepare.ts';

export interface StartOptions {
  store: Pick<Store, 'start'>;
  /** The carrier's. */
  name: string;
  giveBack(claim: Claim): Promise<void>;
  log: Log;
}

/** Writes down that a segment is about to leave, where that was not done with the text itself. */
export function createStart({store, name, giveBack, log}: StartOptions) {
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
      if (outbound.isStarted !== true) return await write(work, segment, attempt);
      // Settings may have changed since it came.
      if (outbound.plan?.name !== plan.name || outbound.plan.segments !== plan.segments) {
        await giveBack(claim);
        return false;
      }
      // From here on it may have left.
      outbound.isStarted = false;
      return true;
    },
  };
}

/** What is kept of a plan. */
export function toNoted({name, segments}: Plan): Start['plan'] {
  return {name, segments};
}

/** It was written down as started with its text, and has not left. */
export function isUnsent({work}: Claim): boolean {
  return work.kind === 'outbound' && work.isStarted === true;
}
