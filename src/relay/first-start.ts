import type {Carrier} from '../carriers/carrier.ts';
import {type CarrierEntry, type Channel, entryOf} from '../core/channel.ts';
import type {Outbound} from '../core/message.ts';
import type {Start} from '../store/store.ts';
import type {Guard} from './guard.ts';
import {toNoted} from './start.ts';

export interface FirstStartOptions {
  carrier(): Pick<Carrier, 'name' | 'plan'>;
  guard: Pick<Guard, 'mayStartFirst'>;
  /** Whether a text that comes now is likely to be claimed as it is stored. */
  hasRoom(): boolean;
}

/** How a text that comes would travel; undefined: that has to wait for its claim. */
export type FirstStart = (channel: Channel, text: Outbound) => Start['plan'] | undefined;

/** Nearly every text can be written down together with its first try; one that is not sent after all goes back, or ends, as if it had not started. */
export function createFirstStart({carrier, guard, hasRoom}: FirstStartOptions): FirstStart {
  /** A fault of ours is found again, and told, when it is sent: the text is stored all the same. */
  function tryPlan(text: Outbound, entry: CarrierEntry) {
    try {
      return carrier().plan(text, entry);
    } catch {
      return undefined;
    }
  }

  return (channel, text) => {
    if (text.unsupported !== undefined || !guard.mayStartFirst(channel) || !hasRoom()) return undefined;
    const entry = entryOf(channel, carrier().name);
    const plan = entry && tryPlan(text, entry);
    return plan === undefined || 'kind' in plan ? undefined : toNoted(plan);
  };
}
