import Database from 'better-sqlite3';
import {createLedger, type Ledger} from '../ledger.ts';
import {useKeys} from '../operations/keys.ts';
import {freeAll, load} from '../operations/recover.ts';
import {isRestored, oneByOne, setAside} from '../operations/set-aside.ts';
import {StoreRefused} from '../refused.ts';
import {meta, setMeta} from '../sql-prune.ts';
import {createVault, noSecrecy, type Vault} from '../vault.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {type Connection, createConnection} from './connection.ts';
import {prepareFile} from './file.ts';
import {lockFile} from './lock.ts';
import {migrations} from './migrations.ts';
import type {Restored, WorkerOptions} from './protocol.ts';
import {findDoubt, openWitness, type Witness} from './witness.ts';

export interface Opened {
  connection: Connection;
  ledger: Ledger;
  vault: Vault;
  witness: Witness;
  /** Queues with something to claim. */
  ready: string[];
  restored: Restored | undefined;
  close(): void;
}

/** Fences and numbers of events of one opening of the file are above those of all before. */
const numbersPerOpening = 2 ** 32;

export function open(options: WorkerOptions): Opened {
  const file = prepareFile(options.file);
  const lock = lockFile(file);
  try {
    const database = openDatabase(file, options.maxPages);
    const connection = createConnection(database);
    const vault = createVault(options.secrecy ?? noSecrecy);
    const doubt = connection.transaction(() => connection.drive(doubtStore(file, options.isRestored === true)));
    const ledger = connection.transaction(() => connection.drive(takeOver(options, vault)));
    const restored =
      doubt === undefined ? undefined : {why: doubt, count: setAllAside(connection, {...options, ledger, vault})};
    const witness = openWitness(file, connection);
    for (const queue of ledger.queueIds()) if (ledger.waiting(queue) > 0) ledger.ready(queue);
    return {
      connection,
      ledger,
      vault,
      witness,
      ready: ledger.commit(),
      restored,
      close: () => {
        witness.close();
        checkpoint(database);
        database.close();
        lock.release();
      },
    };
  } catch (cause) {
    lock.release();
    if (cause instanceof StoreRefused) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new StoreRefused(
      `${file} can't be used as a store (${code}); restore it from a backup, or name another file`,
      {cause},
    );
  }
}

/** Tidies up; what a full disk keeps in the WAL is as safe there. */
function checkpoint(database: Database.Database): void {
  try {
    database.pragma('wal_checkpoint(truncate)');
  } catch {}
}

function openDatabase(file: string, maxPages: number | undefined): Database.Database {
  const database = new Database(file, {timeout: 2000});
  try {
    database.pragma('journal_mode = wal');
    // Every acknowledged commit survives a power cut; `normal` would lose the last ones.
    database.pragma('synchronous = full');
    // Four times SQLite's own: a page that is written again and again is moved into the file once.
    database.pragma('wal_autocheckpoint = 4000');
    // What is deleted is overwritten; `fast` would leave what lies on freed pages.
    database.pragma('secure_delete = on');
    database.pragma('foreign_keys = off');
    // Small: after a split of pages SQLite walks all of them at the commit (pcache1TruncateUnsafe), and the system's own cache is as near.
    database.pragma('cache_size = -8192');
    migrate(database, file);
    if (maxPages !== undefined) database.pragma(`max_page_count = ${maxPages}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Database.Database, file: string): void {
  const version = Number(database.pragma('user_version', {simple: true}));
  if (version > migrations.length) {
    throw new StoreRefused(
      `${file} was written by a newer version of the gateway; start that version, or restore a backup of this one's`,
    );
  }
  database.transaction(() => {
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.pragma(`user_version = ${migrations.length}`);
  })();
}

/** Written down before anything else: whoever opens it after a crash goes on setting aside. */
function* doubtStore(file: string, isSaid: boolean): Work<string | undefined> {
  const doubt = isSaid ? 'an operator said so' : yield* findDoubt(file);
  if (doubt !== undefined) yield* run(setMeta, 'restored', 1);
  else if (yield* isRestored()) return 'setting aside was cut short';
  return doubt;
}

function setAllAside(connection: Connection, {now, ledger, vault}: Db): number {
  let count = 0;
  for (;;) {
    const some = connection.transaction(() => connection.drive(setAside({now, ledger, vault}, oneByOne)));
    ledger.commit();
    if (some === 0) return count;
    count += some;
  }
}

function* takeOver({bounds, now, secrecy}: WorkerOptions, vault: Vault): Work<Ledger> {
  const epoch = ((yield* row<{value: number}>(meta, 'epoch'))?.value ?? 0) + 1;
  yield* run(setMeta, 'epoch', epoch);
  const ledger = createLedger({bounds, first: epoch * numbersPerOpening});
  const db = {now, ledger, vault};
  const lacking = secrecy === undefined ? undefined : yield* useKeys(db);
  if (lacking !== undefined) throw new StoreRefused(lacking);
  yield* load(db);
  yield* freeAll(db);
  ledger.commit();
  return ledger;
}
