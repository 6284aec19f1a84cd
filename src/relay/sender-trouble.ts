import type {SenderTrouble} from '../carriers/carrier.ts';
import {type Channel, entriesOf} from '../core/channel.ts';
import {outboundQueue} from '../core/queue.ts';
import type {Gates} from './gates.ts';

export interface SenderTroubleOptions {
  channels(): readonly Channel[];
  gates: Pick<Gates, 'park'>;
  slow(carrier: string, queue: string, retryAfterMs?: number): void;
}

/** What a carrier tells of a sender concerns every queue that sends by it. Parked ones are known to all replicas, a slower pace is this one's own. */
export function createSenderTrouble({channels, gates, slow}: SenderTroubleOptions) {
  return async function troubled(carrier: string, trouble: SenderTrouble): Promise<void> {
    const {isSender, scope, reason, retryAfterMs} = trouble;
    for (const channel of channels()) {
      if (!entriesOf(channel).some(entry => entry.carrier === carrier && isSender(entry))) continue;
      for (const priority of ['interactive', 'bulk'] as const) {
        const queue = outboundQueue(channel.platform, channel.id, carrier, priority);
        if (scope === 'queue') await gates.park(queue, reason, retryAfterMs);
        else slow(carrier, queue, retryAfterMs);
      }
    }
  };
}
