import type {Claim} from '../store/store.ts';

/** Places kept for jobs that are about to come. */
export interface Offered {
  places: number;
  /** Queues that take nothing at present. */
  except: readonly string[];
  /** Once: what came of it. */
  end(claims: readonly Claim[]): void;
}

export interface OffersOptions {
  /** Whether this queue takes what it did not ask for. */
  takes(queue: string): boolean;
  /** Whether a last place is kept for those who claim: a transaction that waits for another one must not hold it. */
  keepsLast?: boolean | undefined;
  /** Places nobody has been promised. */
  freePlaces(): number;
  /** So many more of them are; less than none: so many are free again. */
  promise(places: number): void;
  /** To its end, or back to where it was. */
  begin(claim: Claim, isTaken: boolean): void;
}

/** A destination's room, handed to the store before it knows what comes: a job that finds some is claimed as it is stored. */
export function createOffers({takes, keepsLast = false, freePlaces, promise, begin}: OffersOptions) {
  /** Whoever offers does not look at each of its queues: one that took nothing when it was handed something is left out next time. */
  const shut = new Set<string>();
  let hadRoom = true;

  function end(places: number, claims: readonly Claim[]): void {
    for (const claim of claims) {
      const isTaken = takes(claim.queue);
      if (!isTaken) shut.add(claim.queue);
      begin(claim, isTaken);
    }
    promise(-places);
  }

  return {
    /** Half of the room there is. Nobody else has it until the offer ends. */
    offer(): Offered | undefined {
      const free = freePlaces();
      const places = free === 1 && !keepsLast ? 1 : Math.floor(free / 2);
      hadRoom = places >= 1;
      if (!hadRoom) return undefined;
      promise(places);
      return {places, except: [...shut], end: claims => end(places, claims)};
    },
    /** When somebody asked last. */
    hadRoom: () => hadRoom,
    /** Now and then: those left out may take something again. */
    reconsider(): void {
      for (const queue of shut) if (takes(queue)) shut.delete(queue);
    },
  };
}
