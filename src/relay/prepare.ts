import type {Carrier, Plan} from '../carriers/carrier.ts';
import {type CarrierEntry, type Channel, entryOf} from '../core/channel.ts';
import type {Decision, Left} from '../core/decide.ts';
import type {ReasonCode} from '../core/message.ts';
import type {Claim, OutboundWork} from '../store/store.ts';

/** A claimed text with all that sending it takes. */
export interface Work {
  claim: Claim;
  outbound: OutboundWork;
  channel: Channel;
  entry: CarrierEntry;
  plan: Plan;
}

type Ended = Decision & {to: 'ended'};

/** How a claimed text is sent, or why it never will be. */
export function prepare(
  carrier: Pick<Carrier, 'name' | 'plan'>,
  channel: Channel | undefined,
  claim: Claim,
  outbound: OutboundWork,
): Work | Ended {
  const {channel: channelId, unsupported, unsupportedCode = 'UnsupportedMessage'} = outbound.outbound;
  if (channel === undefined) return refused(`channel ${channelId} is no longer in the configuration`, 'no_channel');
  const entry = entryOf(channel, carrier.name);
  if (entry === undefined) return refused(`channel ${channelId} no longer uses carrier ${carrier.name}`, 'no_carrier');
  if (unsupported !== undefined) return refused(unsupported, 'unsupported', unsupportedCode);
  const plan = carrier.plan(outbound.outbound, entry);
  if ('kind' in plan) {
    return {to: 'ended', state: 'failed', by: 'policy', reason: plan.reason, deadLetter: 'refused'};
  }
  const before = outbound.plan;
  if (before !== undefined && hasLeft(outbound) && (before.name !== plan.name || before.segments !== plan.segments)) {
    return refused(`began as ${before.name} and would go on as ${plan.name}: settings changed`, 'plan_changed');
  }
  return {claim, outbound, channel, entry, plan};
}

export function hasLeft(work: OutboundWork): boolean {
  return work.segments.some(({state}) => isTaken(state) || state === 'unknown');
}

/** Design rule 6: no other carrier may send it. Of one that was tried without an answer nobody knows. */
export function isBound({segments}: Pick<OutboundWork, 'segments'>): boolean {
  return segments.some(({state, unanswered}) => state !== 'idle' || unanswered === true);
}

export function toLeft(work: OutboundWork): Left {
  if (work.segments.some(({unanswered}) => unanswered === true)) return 'unsure';
  return hasLeft(work) ? 'part' : 'nothing';
}

export function isTaken(state: string): boolean {
  return state === 'taken' || state === 'delivered' || state === 'failed' || state === 'expired';
}

function refused(message: string, deadLetter: string, code: ReasonCode = 'GeneralError'): Ended {
  return {to: 'ended', state: 'failed', by: 'policy', reason: {code, message}, deadLetter};
}
