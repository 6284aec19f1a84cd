import type {LinkLeases} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {Store} from '../store/store.ts';

export interface LinkLeasesOptions {
  replicas: NonNullable<Store['replicas']>;
  account: string;
  log: Log;
}

const roundMs = 1000;
/** So long before another replica may have a link, this one must have begun to close it. */
const spareMs = 2000;

/** The links of one account, as this replica may have them: looked after once a second, given up in time when the store is away. */
export function createLinkLeases({replicas, account, log}: LinkLeasesOptions): LinkLeases {
  return {
    follow(count, use) {
      let held: readonly number[] = [];
      let isStopped = false;
      let timer: NodeJS.Timeout | undefined;
      let watch: NodeJS.Timeout | undefined;
      let running: Promise<void> = Promise.resolve();

      async function round(): Promise<void> {
        keepWatch();
        try {
          const leased = await replicas.leaseSlots(account, count());
          // An answer that was long on its way tells what may be another's by now.
          if (replicas.leasedForMs() < spareMs) await drop();
          else await change(leased);
        } catch (error) {
          log.warn('links.lease_failed', {carrier: account, why: error instanceof Error ? error.message : 'a fault'});
          if (replicas.leasedForMs() < spareMs) await drop();
        } finally {
          clearTimeout(watch);
        }
        if (!isStopped) timer = setTimeout(next, roundMs);
      }

      /** A store that is away need not say so. */
      function keepWatch(): void {
        const leftMs = replicas.leasedForMs() - spareMs;
        if (leftMs >= 0) watch = setTimeout(keepWatch, leftMs + 1);
        else void drop();
      }

      function next(): void {
        running = round();
      }

      async function change(leased: readonly number[]): Promise<void> {
        const given = held.filter(number => !leased.includes(number));
        const isSame = given.length === 0 && leased.length === held.length;
        if (isSame) return;
        log.info('links.leased', {carrier: account, links: leased.length, of: count()});
        held = leased;
        await use(leased);
        if (given.length > 0) await replicas.returnSlots(account, given);
      }

      async function drop(): Promise<void> {
        if (held.length === 0) return;
        log.error('links.given_up', {carrier: account, why: 'the store is away for too long'});
        held = [];
        await use([]);
      }

      next();
      return async () => {
        isStopped = true;
        clearTimeout(timer);
        await running;
        await use([]);
        await replicas.returnSlots(account, [...held]).catch(() => {});
      };
    },
  };
}
