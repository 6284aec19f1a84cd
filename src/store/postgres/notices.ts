import {randomUUID} from 'node:crypto';
import {Socket} from 'node:net';
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
  /** How long a notice to oneself may be on its way. */
  provenWithinMs?: number;
  /** How often it is looked whether they still arrive. */
  proveEveryMs?: number;
}

/** A connection that listens, or is about to. */
interface Ear {
  client: pg.Client;
  socket: Socket;
  /** It listens, and the server answers on it. */
  isOpen: boolean;
  hasHeard: boolean;
}

const gatherMs = 10;
const againMs = 1000;
const endWithinMs = 1000;
/** The server refuses a payload of 8000 bytes or more. */
const mostBytes = 7500;

export function createNotices({
  address,
  onReady,
  log,
  provenWithinMs = 5000,
  proveEveryMs = 30_000,
}: NoticesOptions): Notices {
  const channel = `ready_${address.toLockKey('ready')}`;
  const own = randomUUID();
  const gathered = new Set<string>();
  let ear: Ear | undefined;
  let peers = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let proof: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const socket = new Socket();
    const connectionTimeoutMillis = againMs * 5;
    const client = new pg.Client({...address.config, pipeline: true, connectionTimeoutMillis, stream: () => socket});
    const fresh: Ear = {client, socket, isOpen: false, hasHeard: false};
    ear = fresh;
    client.on('error', () => {});
    client.on('end', () => connectLater(fresh));
    client.on('notification', ({payload = '[]'}) => {
      hear(fresh);
      const [teller, ...queues]: string[] = JSON.parse(payload);
      if (teller !== own && queues.length > 0) onReady(queues);
    });
    try {
      await client.connect();
      expectWord(fresh);
      // What it says is no promise: a crash may lose it.
      await client.query('set synchronous_commit = off');
      await client.query(`listen ${channel}`);
      await notify(fresh, []);
      fresh.isOpen = true;
    } catch (error) {
      log.debug('store.listen_failed', {why: toState(error) || 'connection lost'});
      socket.destroy();
      connectLater(fresh);
    }
  }

  function connectLater(lost: Ear): void {
    if (ear !== lost) return;
    ear = undefined;
    clearTimeout(proof);
    clearTimeout(retry);
    if (!isClosed) retry = setTimeout(() => void connect(), againMs);
  }

  function hear(fresh: Ear): void {
    if (ear !== fresh) return;
    fresh.hasHeard = true;
    clearTimeout(proof);
    proof = setTimeout(() => {
      expectWord(fresh);
      notify(fresh, []).catch(() => {});
    }, proveEveryMs);
  }

  /** Behind some poolers one may listen and never hears; and a server that went silent says nothing of it. */
  function expectWord(fresh: Ear): void {
    if (ear !== fresh) return;
    clearTimeout(proof);
    proof = setTimeout(() => {
      if (!fresh.isOpen || fresh.hasHeard) return void fresh.socket.destroy();
      log.warn('store.hears_nothing', {
        why: 'notifications do not arrive (a pooler?): replicas look for work once a second',
      });
    }, provenWithinMs);
  }

  async function notify({client}: Ear, queues: readonly string[]): Promise<void> {
    await client.query('select pg_notify($1, $2)', [channel, JSON.stringify([own, ...queues])]);
  }

  function tellGathered(): void {
    timer = undefined;
    const queues = [...gathered];
    gathered.clear();
    for (const some of toPieces(queues)) {
      if (ear?.isOpen === true) notify(ear, some).catch(() => {});
    }
  }

  if (address.isPooled)
    log.info('store.polls', {why: 'behind a pooler nothing is listened to: replicas look for work once a second'});
  else void connect();

  return {
    tell(queues) {
      if (peers === 0 || ear?.isOpen !== true) return;
      for (const queue of queues) gathered.add(queue);
      timer ??= setTimeout(tellGathered, gatherMs);
    },
    setPeers(count) {
      peers = count;
    },
    async close() {
      isClosed = true;
      for (const each of [timer, retry, proof]) clearTimeout(each);
      const last = ear;
      ear = undefined;
      if (last === undefined) return;
      const cut = setTimeout(() => last.socket.destroy(), endWithinMs);
      await last.client.end().catch(() => {});
      clearTimeout(cut);
      last.socket.destroy();
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
