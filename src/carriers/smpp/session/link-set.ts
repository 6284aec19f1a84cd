import type {LinkLeases} from '../../carrier.ts';
import type {Bind} from './bind.ts';

export interface LinkSetOptions {
  /** Links the account may have over all replicas, at present. */
  count(): number;
  /** What a link is opened under, at present: one that was opened under something else is to be replaced. */
  terms(): string;
  /** The binds of one link. */
  open(link: number): Bind[];
  /** For what is in flight by a link that is replaced, ms. */
  patienceMs(): number;
  leases: LinkLeases | undefined;
  /** There are fewer links, or more. */
  onChange(): void;
  /** A link under new terms is not up yet: as many wait for it under the former ones. */
  onWait(waiting: number): void;
}

/** The binds an account has at present: all of them, or those of the links that are this replica's. Never two for one number of a link. */
export interface LinkSet {
  readonly binds: readonly Bind[];
  start(): void;
  stop(): Promise<void>;
  /** Count or terms may be others: goes there by itself, one link after the other, each when the one before is up. */
  renew(): void;
  /** Other replicas have all the links. */
  isStandby(): boolean;
}

interface OpenLink {
  binds: Bind[];
  terms: string;
}

const upWithinMs = 10_000;

export function createLinkSet(options: LinkSetOptions): LinkSet {
  const {leases, onChange} = options;
  const binds: Bind[] = [];
  const links = new Map<number, OpenLink>();
  const closing = new Map<number, {binds: readonly Bind[]; closed: Promise<void>}>();
  let wanted: readonly number[] = [];
  let isStarted = false;
  let isRenewing = false;
  let renewedAgain = Promise.withResolvers<void>();
  let unfollow: (() => Promise<void>) | undefined;

  function open(link: number): void {
    const own = options.open(link);
    links.set(link, {binds: own, terms: options.terms()});
    binds.push(...own);
    if (isStarted) for (const bind of own) bind.start();
  }

  /** Nothing new leaves by it from now on; what is in flight is waited for. Its number is free only then. */
  function close(link: number, patienceMs?: number): Promise<void> {
    const own = links.get(link)?.binds ?? [];
    links.delete(link);
    for (const bind of own) binds.splice(binds.indexOf(bind), 1);
    onChange();
    const closed = Promise.all(own.map(bind => bind.stop(patienceMs))).then(() => {
      closing.delete(link);
      if (wanted.includes(link)) open(link);
    });
    closing.set(link, {binds: own, closed});
    return closed;
  }

  async function use(numbers: readonly number[], withinMs?: number): Promise<void> {
    wanted = numbers;
    for (const link of numbers) if (!links.has(link) && !closing.has(link)) open(link);
    for (const link of links.keys()) if (!numbers.includes(link)) void close(link, withinMs && withinMs / 2);
    const given = [...closing].filter(([link]) => !numbers.includes(link)).map(([, each]) => each);
    const timer = withinMs && setTimeout(() => cut(given.flatMap(each => each.binds)), withinMs);
    await Promise.all(given.map(({closed}) => closed));
    clearTimeout(timer);
  }

  function cut(leftOver: readonly Bind[]): void {
    for (const bind of leftOver) bind.cut();
  }

  function all(): number[] {
    return Array.from({length: options.count()}, (_, link) => link);
  }

  async function replaceStale(): Promise<void> {
    if (isRenewing) return;
    isRenewing = true;
    for (let link = findStale(); link !== undefined; link = findStale()) {
      renewedAgain = Promise.withResolvers();
      await close(link, options.patienceMs());
      const up = (links.get(link)?.binds ?? []).map(bind => bind.up);
      const timer = setTimeout(() => options.onWait(countStale()), upWithinMs);
      await Promise.race([Promise.all(up), renewedAgain.promise]);
      clearTimeout(timer);
    }
    isRenewing = false;
  }

  function countStale(): number {
    return [...links.values()].filter(({terms}) => terms !== options.terms()).length;
  }

  function findStale(): number | undefined {
    return [...links].find(([, {terms}]) => terms !== options.terms())?.[0];
  }

  if (leases === undefined) {
    wanted = all();
    wanted.forEach(open);
  }

  return {
    binds,
    start() {
      isStarted = true;
      if (leases === undefined) for (const bind of binds) bind.start();
      else unfollow = leases.follow(options.count, use);
    },
    async stop() {
      isStarted = false;
      await unfollow?.();
      await use([]);
      renewedAgain.resolve();
    },
    renew() {
      if (!isStarted) return;
      if (leases === undefined) void use(all());
      renewedAgain.resolve();
      void replaceStale();
    },
    isStandby: () => leases !== undefined && links.size === 0,
  };
}
