import type {Claim, Store} from '../store/store.ts';

export interface Claimed {
  claims: Claim[];
  /** The queues that may hold more than was claimed. */
  more: readonly string[];
}

/** Where there are several replicas: nobody else can have taken it over since it was claimed. */
export function isHeld({replicas}: Pick<Store, 'replicas'>, {holder}: Pick<Claim, 'holder'>): boolean {
  return replicas === undefined || (holder !== undefined && replicas.standing() === holder);
}

/** Claims from a store: queues may hold more when as many were found as asked for. */
export async function claimFrom(store: Pick<Store, 'claim'>, queues: string[], limit: number): Promise<Claimed> {
  const claims = await store.claim(queues, limit);
  return {claims, more: claims.length >= limit ? queues : []};
}

/** A claim that fails after others brought something takes nothing from them: they are leased, and nobody else would see to them. */
export function unlessHeld(claims: readonly Claim[], queues: readonly string[]) {
  return (error: unknown): Claimed => {
    if (claims.length === 0) throw error;
    return {claims: [], more: queues};
  };
}
