import type {JobKind} from '../core/message.ts';
import {toDestination} from '../core/queue.ts';
import type {Claim, Offer} from '../store/store.ts';
import type {Destination} from './destination.ts';
import type {Offered} from './offers.ts';

/** What all destinations together have room for; each gets what is its own when it ends. */
export function toOffer(
  kinds: ReadonlySet<JobKind>,
  destinations: ReadonlyMap<string, Pick<Destination, 'kind' | 'pump'>>,
): Offer | undefined {
  const offers = new Map<string, Offered>();
  for (const [destination, {kind, pump}] of destinations) {
    const offered = kinds.has(kind) ? pump.offer() : undefined;
    if (offered !== undefined) offers.set(destination, offered);
  }
  if (offers.size === 0) return undefined;
  return {
    rooms: [...offers].map(([destination, {places, except}]) => ({destination, places, except})),
    end(claims) {
      const own = Map.groupBy(claims, ({queue}: Claim) => toDestination(queue));
      for (const [destination, offered] of offers) offered.end(own.get(destination) ?? []);
    },
  };
}
