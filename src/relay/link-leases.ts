import type {LinkLeases} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {Store} from '../store/store.ts';

export interface LinkLeasesOptions {
  replicas: NonNullable<Store['replicas']>;
  account: string;
  log: Log;
}

const roundMs = 1000;
/** So long before another replica may have a link, this one begins to close it, and then it cuts it. */
const spareMs = 2000;
const closeWithinMs = 1500;

/** The links of one account, as this replica may have them: looked after once a second, given up in time when the store is away. */
export function createLinkLeases({replicas, account, log}: LinkLeasesOptions): LinkLeases {
  return {
    follow(count, use) {
      let held: readonly number[] = [];
      /** Some are being closed for another replica. */
      let isGiving = false;
      let isStopped = false;
      let timer: NodeJS.Timeout | undefined;
      let watch: NodeJS.Timeout | undefined;
      let running: Promise<void> = Promise.resolve();

      async function round(): Promise<void> {
        keepWatch();
        try {
          const under = replicas.standing();
          const leased = await replicas.leaseSlots(account, count());
          // An answer that was long on its way tells what may be another's by now.
          const isNews = under !== undefined && replicas.standing() === under;
          if (!isNews) await drop('this replica has been given up meanwhile');
          else if (replicas.leasedForMs() < spareMs) await drop();
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
        isGiving = given.length > 0;
        await use(leased);
        isGiving = false;
        if (given.length > 0) await replicas.returnSlots(account, given);
      }

      async function drop(why = 'the store is away for too long'): Promise<void> {
        if (held.length === 0 && !isGiving) return;
        log.error('links.given_up', {carrier: account, why});
        held = [];
        await use([], closeWithinMs);
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
