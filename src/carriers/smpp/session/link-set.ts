import type {LinkLeases} from '../../carrier.ts';
import type {Bind} from './bind.ts';

export interface LinkSetOptions {
  /** Links the account may have over all replicas. */
  count: number;
  /** The binds of one link. */
  open(link: number): Bind[];
  leases: LinkLeases | undefined;
}

/** The binds an account has at present: all of them, or those of the links that are this replica's. */
export interface LinkSet {
  readonly binds: readonly Bind[];
  start(): void;
  stop(): Promise<void>;
  /** Other replicas have all the links. */
  isStandby(): boolean;
}

export function createLinkSet({count, open, leases}: LinkSetOptions): LinkSet {
  const binds: Bind[] = [];
  const links = new Map<number, Bind[]>();
  let unfollow: (() => Promise<void>) | undefined;

  function add(link: number): void {
    const own = open(link);
    links.set(link, own);
    binds.push(...own);
  }

  /** Nothing new leaves by it from now on; what is in flight is waited for. */
  async function remove(link: number): Promise<void> {
    const own = links.get(link) ?? [];
    links.delete(link);
    for (const bind of own) binds.splice(binds.indexOf(bind), 1);
    await Promise.all(own.map(bind => bind.stop()));
  }

  async function use(numbers: readonly number[]): Promise<void> {
    for (const link of numbers) {
      if (links.has(link)) continue;
      add(link);
      for (const bind of links.get(link) ?? []) bind.start();
    }
    await Promise.all([...links.keys()].filter(link => !numbers.includes(link)).map(remove));
  }

  if (leases === undefined) for (let link = 0; link < count; link += 1) add(link);

  return {
    binds,
    start() {
      if (leases === undefined) for (const bind of binds) bind.start();
      else unfollow = leases.follow(count, use);
    },
    async stop() {
      await unfollow?.();
      await Promise.all(binds.map(bind => bind.stop()));
    },
    isStandby: () => leases !== undefined && links.size === 0,
  };
}
