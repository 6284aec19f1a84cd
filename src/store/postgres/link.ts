import pg from 'pg';
import type {Log} from '../../core/log.ts';
import {StoreUnavailable} from '../../core/store-unavailable.ts';
import type {Address} from './address.ts';
import {createBeginning} from './beginning.ts';
import {isOfTheConnection, isUnprepared, toSentence, toState} from './failure.ts';
import {GatheringSocket} from './gathering-socket.ts';
import {wasCommitted} from './in-doubt.ts';
import {createSession, type Session, type Statements} from './session.ts';

/** One connection, made again whenever it is lost. */
export interface Link {
  /**
   * One transaction; `body` is given the database's time. Rejects when nothing of it was kept. When the connection is lost while it commits, it
   * finds out what became of it, however long that takes.
   */
  transaction<Result>(body: (session: Session, now: number) => Promise<Result>): Promise<Result>;
  /** A statement by itself. */
  query(text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>;
  close(): Promise<void>;
}

export interface LinkOptions {
  address: Address;
  statements: Statements;
  /** Settings of each transaction beside the common ones. */
  settings?: Readonly<Record<string, string>>;
  isReadOnly?: boolean;
  /** A server that went away without a word is taken for lost after this; it ends such a transaction itself as well. */
  transactionMs?: number;
  log: Log;
}

const connectMs = 5000;
const againMs = 250;

export function createLink({
  address,
  statements,
  settings = {},
  isReadOnly = false,
  transactionMs = 30_000,
  log,
}: LinkOptions): Link {
  const toBeginning = createBeginning(address, settings, isReadOnly);
  /** Of a connection that is to be used no more: the client itself would wait for an answer to all it has asked. */
  const cuts = new WeakMap<pg.Client, (why: string | undefined) => void>();
  let client: Promise<pg.Client> | undefined;
  let isClosed = false;

  function connected(): Promise<pg.Client> {
    if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
    client ??= connect();
    return client;
  }

  function connect(): Promise<pg.Client> {
    const socket = new GatheringSocket();
    let isCut = false;
    const fresh = new pg.Client({
      ...address.config,
      pipeline: true,
      connectionTimeoutMillis: connectMs,
      types,
      stream: () => socket,
    });
    const connecting = fresh.connect().then(() => fresh);
    const forget = () => {
      if (client === connecting) client = undefined;
    };
    fresh.on('error', error => {
      if (!isCut) log.warn('store.connection_lost', {why: toState(error) || 'connection lost'});
      forget();
    });
    fresh.on('end', forget);
    cuts.set(fresh, why => {
      forget();
      if (socket.destroyed) return;
      isCut = true;
      if (why !== undefined) log.warn('store.connection_lost', {why});
      socket.destroy();
    });
    connecting.catch(forget);
    return connecting;
  }

  function drop(lost: pg.Client, why?: string): void {
    cuts.get(lost)?.(why);
  }

  async function transaction<Result>(body: (session: Session, now: number) => Promise<Result>): Promise<Result> {
    const own = await connected();
    return await inTime(own, async () => {
      const {now, transactionId} = await begin(own);
      const session = createSession(own, statements, address.toLockKey);
      const result = await tryBody(own, session, () => body(session, now));
      await commit(own, session, transactionId);
      return result;
    });
  }

  async function inTime<Result>(own: pg.Client, work: () => Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => drop(own, 'no answer'), transactionMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  async function begin(own: pg.Client): Promise<{now: number; transactionId: string | undefined}> {
    const text = isReadOnly ? 'select now_ms() as now' : 'select now_ms() as now, pg_current_xact_id()::text as xid';
    const [, {rows}] = await Promise.all([
      own.query(toBeginning()),
      own.query<{now: number; xid?: string}>({text, name: statements.name(text)}),
    ]).catch(error => giveUp(own, error));
    const [row] = rows;
    if (row === undefined) throw new Error('the database told no time');
    return {now: row.now, transactionId: row.xid};
  }

  /** It may have begun (on a standby, say), and nothing else can begin in it. Another connection may lead elsewhere, but need not: not at once. */
  async function giveUp(own: pg.Client, error: unknown): Promise<never> {
    drop(own);
    await new Promise(resolve => setTimeout(resolve, againMs));
    throw error;
  }

  async function tryBody<Result>(own: pg.Client, session: Session, body: () => Promise<Result>): Promise<Result> {
    try {
      const result = await body();
      await session.sent();
      return result;
    } catch (error) {
      if (isUnprepared(session.refusal()?.error)) drop(own);
      else await own.query('rollback').catch(() => drop(own));
      throw error;
    }
  }

  async function commit(own: pg.Client, session: Session, transactionId: string | undefined): Promise<void> {
    const answered = await endOf(own, transactionId);
    if (answered === 'COMMIT') return;
    const refused = session.refusal()?.error;
    if (isUnprepared(refused)) drop(own);
    throw refused ?? new Error(`the database answered a commit with ${answered}`);
  }

  /** What it says of a commit, or would have said. */
  async function endOf(own: pg.Client, transactionId: string | undefined): Promise<string> {
    try {
      return (await own.query('commit')).command;
    } catch (error) {
      drop(own);
      if (!isOfTheConnection(error)) throw error;
      if (transactionId === undefined || (await isKept(transactionId))) return 'COMMIT';
      throw error;
    }
  }

  async function isKept(transactionId: string): Promise<boolean> {
    log.warn('store.commit_in_doubt', {transactionId});
    return await wasCommitted({transactionId, query: queryInTime, isOver: () => isClosed});
  }

  async function queryInTime(text: string, values: unknown[]): Promise<Array<Record<string, unknown>>> {
    const own = await connected();
    return await inTime(own, async () => (await own.query(text, values)).rows);
  }

  async function query(text: string, values: unknown[] = []): Promise<Array<Record<string, unknown>>> {
    const own = await connected();
    const {rows} = await own.query(text, values);
    return rows;
  }

  return {
    transaction,
    query,
    async close() {
      isClosed = true;
      const last = await client?.catch(() => undefined);
      if (last !== undefined) await inTime(last, () => last.end()).catch(() => {});
    },
  };
}

/** All that waiting callers learn of a failure. */
export function toUnavailable(error: unknown): StoreUnavailable {
  return error instanceof StoreUnavailable ? error : new StoreUnavailable(toSentence(error));
}

/** Whole numbers of eight bytes and exact ones are numbers here: none of ours is beyond 2^53. */
const types = {
  getTypeParser(type: number, format?: 'text' | 'binary') {
    if (type === 20 || type === 1700) return Number;
    return pg.types.getTypeParser(type, format);
  },
};
