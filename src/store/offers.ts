import type {JobKind} from '../core/message.ts';
import {toDestination} from '../core/queue.ts';
import type {Claim} from './delivery.ts';
import type {Value} from './work.ts';

/** Places at a destination for jobs that are added while a group of calls is carried out: whoever has them need not look for these jobs. */
export interface Room {
  /** As `toDestination` names it. */
  destination: string;
  places: number;
  /** Queues of it that take nothing at present. */
  except: readonly string[];
}

/** Room that is kept until it is ended, once, with the jobs that were leased into it: none unless their transaction was committed. */
export interface Offer {
  rooms: readonly Room[];
  end(claims: readonly Claim[]): void;
}

/** What makes a job its claimant's: `$14` and, where there are several, `$15` of the statement that inserts it. */
export interface Lease {
  fence: number;
  holder?: number;
}

/** A place that was taken. `values`: what the row of its job says of that. */
export interface Leased {
  fence: number;
  values: Value[];
}

/** The rooms of one transaction, as operations see them. */
export interface Rooms {
  /** Takes a place for a job of this queue; undefined: there is none. */
  take(queue: string): Leased | undefined;
  leased(claim: Claim): void;
}

export function createRooms(rooms: readonly Room[], {fence, holder}: Lease): Rooms & {claims: Claim[]} {
  const left = new Map(rooms.map(room => [room.destination, {...room}]));
  const values = holder === undefined ? [fence] : [fence, holder];
  const claims: Claim[] = [];
  return {
    claims,
    take(queue) {
      const room = left.get(toDestination(queue));
      if (room === undefined || room.places < 1 || room.except.includes(queue)) return undefined;
      room.places -= 1;
      return {fence, values};
    },
    leased: claim => void claims.push(holder === undefined ? claim : {...claim, holder}),
  };
}

/** What most often brings jobs for which there may be room. */
const brought: ReadonlyMap<string, JobKind> = new Map([
  ['acceptOutbound', 'outbound'],
  ['acceptInbound', 'inbound'],
  ['receipt', 'receipt'],
]);

/** Asks for room for what these calls may bring. */
export function askRoom(
  offer: ((kinds: ReadonlySet<JobKind>) => Offer | undefined) | undefined,
  names: Iterable<string>,
): Offer | undefined {
  if (offer === undefined) return undefined;
  const kinds = new Set<JobKind>();
  for (const name of names) {
    const kind = brought.get(name);
    if (kind !== undefined) kinds.add(kind);
  }
  return kinds.size === 0 ? undefined : offer(kinds);
}
