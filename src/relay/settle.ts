import type {Decision} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Detail, Outcome} from '../core/outcome.ts';
import {StoreUnavailable} from '../core/store-unavailable.ts';
import type {Claim, Settlement, Store} from '../store/store.ts';

const againMs = 1000;

/**
 * Writes an outcome down however long the store is away: until then the job's place in the window stays taken, which is the back-pressure wanted.
 * If the process dies before, a started segment is found as `unknown`, as it must be.
 */
export async function settleSurely(store: Store, settlement: Settlement, log: Log): Promise<boolean> {
  for (;;) {
    try {
      return await store.settle(settlement);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.error('delivery.settle_failed', {job: settlement.job, to: settlement.to, why: error.message});
      await new Promise(resolve => setTimeout(resolve, againMs));
    }
  }
}

export interface SendTried {
  claim: Claim;
  carrier: string;
  segment: number;
  attempt: number;
  outcome: Outcome;
  decision: Decision;
  nextCarrier: string | undefined;
  receiptWithinMs: number;
}

/** What the store is told of one try for one segment. */
export function toSendSettlement(tried: SendTried): Settlement {
  const {claim, carrier, segment, attempt, outcome, decision} = tried;
  const detail: Detail = {carrier, segment, attempt, ...describe(outcome)};
  const held = {job: claim.job, fence: claim.fence, events: [{event: `send_${outcome.kind}`, detail}]};
  switch (decision.to) {
    case 'taken': {
      const carrierMessageId = outcome.kind === 'taken' ? outcome.carrierMessageId : undefined;
      return {...held, to: 'taken', segment, attempt, carrierMessageId, receiptWithinMs: tried.receiptWithinMs};
    }
    case 'retry': {
      const {dueInMs, counts} = decision;
      const moved = decision.also === 'failover' ? tried.nextCarrier : undefined;
      return {...held, to: 'retry', dueInMs, counts, segment, carrier: moved};
    }
    case 'unknown':
      return {...held, to: 'unknown', segment, attempt, watchInMs: decision.watchInMs};
    case 'ended': {
      const {state, by, reason, deadLetter} = decision;
      return {...held, to: 'ended', state, by, reason, segment, deadLetter};
    }
  }
}

/** An outcome as history tells it. */
export function describe(outcome: Outcome): Detail {
  if (outcome.kind !== 'taken') {
    return {reason: outcome.reason.code, message: outcome.reason.message, ...outcome.detail};
  }
  if (outcome.carrierMessageId === undefined) return {...outcome.detail};
  return {carrierMessageId: outcome.carrierMessageId, ...outcome.detail};
}
