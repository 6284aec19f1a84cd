import type {StoreOptions} from '../index.ts';
import {operations} from '../operations/index.ts';
import {useKeys} from '../operations/keys.ts';
import {tidied} from '../operations/reseal.ts';
import {StoreRefused} from '../refused.ts';
import type {ReplicaShares} from '../replicas.ts';
import {tellRestored} from '../restored.ts';
import type {Store} from '../store.ts';
import {createVault, noSecrecy} from '../vault.ts';
import {toWholePages} from '../whole-pages.ts';
import {parseAddress} from './address.ts';
import {createCaller} from './caller.ts';
import {createClaims} from './claim.ts';
import {createEngine, type Operate} from './engine.ts';
import {createShared} from './ledger.ts';
import {createLink, type LinkOptions} from './link.ts';
import {migrate} from './migrate.ts';
import {createNotices} from './notices.ts';
import {createPrune, depths, probe, purge, purgeTexts, setConsent} from './own.ts';
import {patiently} from './patiently.ts';
import {createReplica} from './replica.ts';
import {beat, createRecount, inherit, join} from './replica-work.ts';
import {createDoubt, others, setSomeAside} from './restored.ts';
import {createStatements} from './session.ts';
import {createLeaseSlots, paceBlock} from './shares.ts';
import {tidyTables} from './tidy.ts';
import {createUrgency} from './urgency.ts';
import {ways} from './ways.ts';

export type PostgresOptions = Omit<StoreOptions, 'onLost' | 'now'>;

/** Each call of a group holds a lock, and a server has room for some thousands (`max_locks_per_transaction`). */
const mostCalls = 400;
const mostAlone = 1;

/** A lost claim is found by its fence: it need not be on disk. And only here a sort would mean the whole backlog. */
const claiming = {enable_sort: 'off', synchronous_commit: 'off'};

/** One of several replicas on one database. */
export async function openPostgresStore({
  url,
  maxOutbound,
  maxOutboundPerPlatform = maxOutbound,
  secrecy = noSecrecy,
  isRestored = false,
  onRestored,
  log,
  meter,
  offer,
  onReady,
}: PostgresOptions): Promise<Store> {
  const address = parseAddress(url);
  await migrate(address, log);
  const statements = createStatements(!address.isPooled);
  const shared = createShared({maxOutbound, maxOutboundPerPlatform});
  const vault = createVault(secrecy);
  const notices = createNotices({address, onReady, log});
  const own: Readonly<Record<string, Operate>> = {
    ...createClaims(() => replica.id()),
    purge,
    purgeTexts,
    setConsent,
    depths,
    prune: createPrune(address.toLockKey),
    probe,
    paceBlock,
    ...createLeaseSlots(() => replica.id()),
    join,
    beat,
    inherit,
    recount: createRecount(address.toLockKey),
    useKeys,
    tidied,
    doubtStore: createDoubt(address.toLockKey),
    setSomeAside,
  };

  function tellAll(queues: string[]): void {
    onReady(queues);
    notices.tell(queues);
  }

  type Own = Pick<LinkOptions, 'settings' | 'isReadOnly'> & Pick<StoreOptions, 'meter'>;

  function open(writer: number, calls: number, {meter: told, ...more}: Own = {}) {
    const link = createLink({address, statements, log, ...more});
    const common = {replica: () => replica.id(), shared, vault, own, offer, onReady: tellAll};
    const engine = createEngine({link, writer, ...common});
    const caller = createCaller(engine, calls, told);
    return {
      ...caller,
      async close() {
        await caller.close();
        await link.close();
      },
    };
  }

  const callers = {
    take: open(8, mostCalls, {meter}),
    write: open(1, mostCalls, {meter}),
    claim: open(2, mostCalls, {settings: claiming}),
    urgent: open(7, mostCalls, {meter}),
    keep: open(3, mostAlone),
    share: open(5, mostAlone),
    count: open(6, mostAlone),
    read: open(4, mostCalls, {isReadOnly: true}),
  };
  /** By itself: what it does may not stand in a transaction, and takes long. */
  const tidying = createLink({address, statements, log});
  const isUrgent = createUrgency(() => performance.now());
  const wayOf = (name: string, args: unknown[]) => (isUrgent(name, args) ? 'urgent' : (ways[name] ?? 'write'));
  const call = (name: string, ...args: unknown[]) => callers[wayOf(name, args)].call(name, args);
  const replica = createReplica({call, shared, onPeers: notices.setPeers, log});
  let restored: {why: string; count: number} | undefined;
  const waiting = await patiently(log, async () => {
    const doubt = (await call('doubtStore', isRestored)) as string | undefined;
    if (doubt === others) return undefined;
    await call('recount');
    await replica.start();
    if (doubt !== undefined) restored = await setAllAside(restored ?? {why: doubt, count: 0});
    return (await call('depths')) as Awaited<ReturnType<Store['depths']>>;
  });
  if (waiting === undefined) {
    await close();
    throw new StoreRefused('a gateway runs on this database: stop all replicas, then say so again');
  }
  const lacking = await call('useKeys');
  if (typeof lacking === 'string') {
    await close();
    throw new StoreRefused(lacking);
  }
  if (restored !== undefined) {
    tellRestored(log, restored);
    onRestored?.(restored);
  }
  if (waiting.length > 0) setImmediate(() => onReady(waiting.map(({queue}) => queue)));

  /** Before anything can be claimed here; the other replicas that start do the same. */
  async function setAllAside(restored: {why: string; count: number}): Promise<{why: string; count: number}> {
    for (;;) {
      const some = (await call('setSomeAside')) as number;
      if (some === 0) return restored;
      restored.count += some;
    }
  }

  async function tidy(rewrite: boolean): ReturnType<Store['tidy']> {
    const done = await tidyTables(tidying, address.schema, rewrite);
    await call('tidied');
    return done;
  }

  async function close(): Promise<void> {
    await callers.take.close();
    await callers.write.close();
    await callers.claim.close();
    await callers.urgent.close();
    await replica.stop();
    await tidying.close();
    const others = [callers.keep, callers.share, callers.count, callers.read, notices];
    await Promise.all(others.map(other => other.close()));
  }

  const names = [...Object.keys(operations), 'claim', 'claimOverdue', 'probe'];
  const calls = Object.fromEntries(names.map(name => [name, (...args: unknown[]) => call(name, ...args)]));
  const replicas = {
    paceBlock: (...args) => call('paceBlock', ...args),
    leaseSlots: (...args) => call('leaseSlots', ...args),
    returnSlots: (...args) => call('returnSlots', ...args),
    standing: () => (replica.leasedForMs() > 0 ? replica.id() : undefined),
    leasedForMs: replica.leasedForMs,
    now: replica.now,
  } as ReplicaShares;
  const store = calls as unknown as Store;
  return {...store, ...toWholePages(store), replicas, tidy, close};
}
