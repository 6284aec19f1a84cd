import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {openSqliteStore, type SqliteStore} from '../../src/store/sqlite/index.ts';
import type {Secrecy} from '../../src/store/vault.ts';
import {type Opened, type OpenFresh, startOfTime} from './contract/kit.ts';
import {silent} from './silent.ts';

export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'store-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

export interface OpenedSqlite extends Opened {
  store: SqliteStore;
  file: string;
}

export async function openSqlite(
  t: ExecutionContext,
  {
    maxOutbound = 1000,
    maxOutboundPerPlatform,
    maxPages,
    secrecy,
    offer,
  }: Parameters<OpenFresh>[1] & {maxPages?: number} = {},
): Promise<OpenedSqlite> {
  await takeSlot(t);
  const file = join(await makeFolder(t), 'data', 'gateway.db');
  const clock = {now: startOfTime};
  const ready: string[] = [];

  async function open(keys = secrecy): Promise<SqliteStore> {
    const onReady = (queues: string[]) => ready.push(...queues);
    const onLost = (error: Error) => t.log(error.message);
    const store = await openSqliteStore({
      file,
      maxOutbound,
      maxOutboundPerPlatform,
      maxPages,
      ...(keys && {secrecy: keys}),
      now: () => clock.now,
      log: silent,
      ...(offer && {offer}),
      onReady,
      onLost,
    });
    t.teardown(() => store.close());
    return store;
  }

  const store = await open();
  let last = store;
  async function reopen(keys?: Secrecy): Promise<SqliteStore> {
    await last.close();
    last = await open(keys);
    return last;
  }
  return {store, clock, ready, file, reopen};
}

/** Each store has a thread of its own; all cases of a file at once would be many. */
const slots = 3;
const queue: Array<() => void> = [];
let taken = 0;

/** A case that opens several stores has one slot for all of them, or two such cases could wait for each other. */
const holders = new WeakSet<ExecutionContext>();

async function takeSlot(t: ExecutionContext): Promise<void> {
  if (holders.has(t)) return;
  holders.add(t);
  if (taken >= slots) await new Promise<void>(resolve => queue.push(resolve));
  taken += 1;
  t.teardown(() => {
    taken -= 1;
    queue.shift()?.();
  });
}
