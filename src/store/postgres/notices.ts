import {randomUUID} from 'node:crypto';
import pg from 'pg';
import type {Log} from '../../core/log.ts';
import type {Address} from './address.ts';
import {toState} from './failure.ts';

/** Tells the other replicas at once which queues have become ready; what is lost of it they find by asking. */
export interface Notices {
  tell(queues: readonly string[]): void;
  /** How many others there are to be told. */
  setPeers(count: number): void;
  close(): Promise<void>;
}

export interface NoticesOptions {
  address: Address;
  onReady(queues: string[]): void;
  log: Log;
}

const gatherMs = 10;
const againMs = 1000;
const provenWithinMs = 5000;
/** The server refuses a payload of 8000 bytes or more. */
const mostBytes = 7500;

export function createNotices({address, onReady, log}: NoticesOptions): Notices {
  const channel = `ready_${address.toLockKey('ready')}`;
  const own = randomUUID();
  const gathered = new Set<string>();
  let client: pg.Client | undefined;
  let peers = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let proof: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({...address.config, pipeline: true, connectionTimeoutMillis: againMs * 5});
    fresh.on('error', () => {});
    fresh.on('end', () => connectLater());
    fresh.on('notification', ({payload = '[]'}) => {
      clearTimeout(proof);
      const [teller, ...queues]: string[] = JSON.parse(payload);
      if (teller !== own && queues.length > 0) onReady(queues);
    });
    try {
      await fresh.connect();
      // What it says is no promise: a crash may lose it.
      await fresh.query('set synchronous_commit = off');
      await fresh.query(`listen ${channel}`);
      client = fresh;
      await prove(fresh);
    } catch (error) {
      log.debug('store.listen_failed', {why: toState(error) || 'connection lost'});
      await fresh.end().catch(() => {});
      connectLater();
    }
  }

  function connectLater(): void {
    client = undefined;
    clearTimeout(retry);
    if (!isClosed) retry = setTimeout(() => void connect(), againMs);
  }

  /** Behind some poolers one may listen and never hears. */
  async function prove(fresh: pg.Client): Promise<void> {
    clearTimeout(proof);
    proof = setTimeout(() => {
      log.warn('store.hears_nothing', {
        why: 'notifications do not arrive (a pooler?): replicas look for work once a second',
      });
    }, provenWithinMs);
    await notify(fresh, []);
  }

  async function notify(teller: pg.Client, queues: readonly string[]): Promise<void> {
    await teller.query('select pg_notify($1, $2)', [channel, JSON.stringify([own, ...queues])]);
  }

  function tellGathered(): void {
    timer = undefined;
    const queues = [...gathered];
    gathered.clear();
    for (const some of toPieces(queues)) {
      if (client !== undefined) notify(client, some).catch(() => {});
    }
  }

  if (address.isPooled)
    log.info('store.polls', {why: 'behind a pooler nothing is listened to: replicas look for work once a second'});
  else void connect();

  return {
    tell(queues) {
      if (peers === 0 || client === undefined) return;
      for (const queue of queues) gathered.add(queue);
      timer ??= setTimeout(tellGathered, gatherMs);
    },
    setPeers(count) {
      peers = count;
    },
    async close() {
      isClosed = true;
      for (const each of [timer, retry, proof]) clearTimeout(each);
      await client?.end().catch(() => {});
    },
  };
}

function toPieces(queues: readonly string[]): string[][] {
  const pieces: string[][] = [];
  let bytes = mostBytes;
  for (const queue of queues) {
    const own = Buffer.byteLength(queue) + 3;
    if (bytes + own > mostBytes) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(queue);
    bytes += own;
  }
  return pieces;
}
