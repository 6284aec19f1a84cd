import type {Carrier} from '../carriers/carrier.ts';
import type {Channel} from '../core/channel.ts';
import type {Decision} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Claim, OutboundWork, Store} from '../store/store.ts';
import {forbid} from './consent.ts';
import type {Aside, Guard} from './guard.ts';
import {prepare, type Work} from './prepare.ts';

export interface PermitOptions {
  store: Pick<Store, 'passConsent'>;
  carrier(): Pick<Carrier, 'name' | 'plan'>;
  guard: Guard;
  findChannel(platform: string, channel: string): Channel | undefined;
  log: Log;
  now(): number;
}

/** Undefined: whether it may be sent can't be read now, so it is not. */
export type Permitted = Work | (Decision & {to: 'ended'}) | Aside | undefined;

/**
 * Whether a claimed text may leave, and how: consent, the guards of its channel, its hours. A text of which something has left goes on whatever the
 * guards say; one that was started before is counted already.
 */
export function createPermit({store, carrier, guard, findChannel, log, now}: PermitOptions) {
  async function ask(channel: Channel, claim: Claim, work: OutboundWork) {
    try {
      const forbidden = work.optedOut.length === 0 ? undefined : await forbid(store, channel, claim, work, now());
      if (forbidden !== undefined || work.segments.some(({state}) => state !== 'idle')) return forbidden;
      return await guard.ask(channel, claim, work);
    } catch (error) {
      return tellUnread(work, error);
    }
  }

  async function spend({channel, plan}: Work, work: OutboundWork) {
    try {
      return await guard.spend(channel, work, plan);
    } catch (error) {
      return tellUnread(work, error);
    }
  }

  function tellUnread({outbound: {messageId, traceId}}: OutboundWork, error: unknown): 'unread' {
    log.error('consent.unread', {messageId, traceId, why: String(error)});
    return 'unread';
  }

  return async function permit(claim: Claim, work: OutboundWork): Promise<Permitted> {
    const channel = findChannel(work.outbound.platform, work.outbound.channel);
    const refused = channel && (await ask(channel, claim, work));
    if (refused === 'unread') return undefined;
    const prepared = refused ?? prepare(carrier(), channel, claim, work);
    if ('to' in prepared || work.segments.length > 0 || !guard.counts(prepared.channel)) return prepared;
    const spent = await spend(prepared, work);
    return spent === 'unread' ? undefined : (spent ?? prepared);
  };
}
