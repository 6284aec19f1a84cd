import type {JobKind} from '../../../src/core/message.ts';
import {carrierDestination, platformDestination} from '../../../src/core/queue.ts';
import type {Claim, Offer} from '../../../src/store/store.ts';

const destinations = {
  outbound: carrierDestination('smsc'),
  inbound: platformDestination('inbound', 'acme'),
  receipt: platformDestination('receipt', 'acme'),
} satisfies Record<JobKind, string>;

/** So many places at every destination, for each transaction anew. */
export function createRoom(places = 0) {
  const room = {places, except: [] as string[], offered: 0, ended: 0, claims: [] as Claim[]};
  function offer(kinds: ReadonlySet<JobKind>): Offer | undefined {
    room.offered += 1;
    const {except} = room;
    return {
      rooms: [...kinds].map(kind => ({destination: destinations[kind], places: room.places, except})),
      end(claims) {
        room.ended += 1;
        room.claims.push(...claims);
      },
    };
  }
  return {room, offer};
}
