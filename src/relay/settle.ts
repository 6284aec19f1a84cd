import {type Decision, evidenceWaitMs} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Detail, Outcome} from '../core/outcome.ts';
import {StoreUnavailable} from '../core/store-unavailable.ts';
import type {Claim, Settlement, Store} from '../store/store.ts';

const againMs = 1000;
const notRecorded = 'its words could not be written down';

/**
 * Writes an outcome down however long the store is away: until then the job's place in the window stays taken, which is the back-pressure wanted.
 * If the process dies before, a started segment is found as `unknown`, as it must be. What the store can't carry out is tried in fewer words; should
 * that fail too, the claim is left to the next start. Never rejects.
 */
export async function settleSurely(
  store: Pick<Store, 'settle'>,
  settlement: Settlement,
  log: Pick<Log, 'error'>,
): Promise<boolean> {
  for (let next: Settlement | undefined = settlement; next !== undefined; ) {
    try {
      return await store.settle(next);
    } catch (error) {
      log.error('delivery.settle_failed', {job: next.job, to: next.to, why: toWhy(error)});
      if (error instanceof StoreUnavailable) await new Promise(resolve => setTimeout(resolve, againMs));
      else next = toPlainer(next);
    }
  }
  return false;
}

/** The store's sentences and ours; what JavaScript says of a fault may hold what people wrote. */
function toWhy(error: unknown): string {
  if (!(error instanceof Error)) return 'a fault';
  return error instanceof StoreUnavailable || error.name === 'Error' ? error.message : error.name;
}

/** Without what others said; then only that nobody knows whether it left. */
function toPlainer(settlement: Settlement): Settlement | undefined {
  const {job, fence, events} = settlement;
  if (events.some(({detail}) => detail !== undefined)) {
    const plain = {...settlement, events: events.map(({event}) => ({event}))};
    return plain.to === 'ended' ? {...plain, reason: {...plain.reason, message: notRecorded}} : plain;
  }
  if (settlement.to !== 'taken') return undefined;
  const {segment, attempt} = settlement;
  return {job, fence, events: [], to: 'unknown', segment, attempt, watchInMs: evidenceWaitMs};
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
      return {...held, to: 'retry', dueInMs, counts, segment, attempt, carrier: moved};
    }
    case 'unknown':
      return {...held, to: 'unknown', segment, attempt, watchInMs: decision.watchInMs};
    case 'ended': {
      const {state, by, reason, deadLetter} = decision;
      return {...held, to: 'ended', state, by, reason, segment, attempt, deadLetter};
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
