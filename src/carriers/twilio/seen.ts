import type {CarrierEvents} from '../carrier.ts';

const mostRemembered = 20_000;

/** Remembers the last texts that were stored, so that a look for missed ones need not hand them in again. The store decides all the same. */
export function createSeen(events: CarrierEvents): {has(messageSid: string): boolean; events: CarrierEvents} {
  const seen = new Set<string>();

  function remember(messageSid: string): void {
    seen.add(messageSid);
    const [oldest] = seen;
    if (seen.size > mostRemembered && oldest !== undefined) seen.delete(oldest);
  }

  return {
    has: messageSid => seen.has(messageSid),
    events: {
      ...events,
      async inbound(event) {
        const answer = await events.inbound(event);
        if (event.carrierMessageId !== undefined) remember(event.carrierMessageId);
        return answer;
      },
    },
  };
}
