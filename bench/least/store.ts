import {parentPort, workerData} from 'node:worker_threads';
import Database from 'better-sqlite3';
import type {Step} from './options.ts';

/** Four writes a text, a group of them in each transaction, on disk when it is answered. A death it does not survive: nobody reads what is here. */
const database = new Database(String(workerData));
database.pragma('journal_mode = wal');
database.pragma('synchronous = full');
database.exec(`
  create table payload (
    seq integer primary key, id text not null, platform_id text not null unique, channel text not null, phone text not null, body text not null,
    raw text not null);
  create table job (seq integer primary key, state text not null, due_at integer not null);
  create index job_due on job (due_at, seq) where state = 'ready';
  create table carrier_id (id text primary key, seq integer not null) without rowid`);
const begin = database.prepare('begin immediate');
const commit = database.prepare('commit');
const insertPayload = database.prepare(
  'insert into payload (id, platform_id, channel, phone, body, raw) values (?, ?, ?, ?, ?, ?)',
);
const insertJob = database.prepare(`insert into job (seq, state, due_at) values (?, 'ready', ?)`);
const insertCarrierId = database.prepare('insert into carrier_id (id, seq) values (?, ?)');
const setState = database.prepare('update job set state = ? where seq = ?');
const deleteJob = database.prepare('delete from job where seq = ?');
const seqs = new Map<string, number>();

function write(step: Step, now: number): void {
  const [kind, id, ...rest] = step;
  if (kind === 'accepted') {
    const seq = Number(insertPayload.run(id, ...rest).lastInsertRowid);
    insertJob.run(seq, now);
    seqs.set(id, seq);
    return;
  }
  const seq = seqs.get(id);
  if (seq === undefined) throw new Error(`a text was ${kind} that was not accepted`);
  if (kind === 'posted') {
    deleteJob.run(seq);
    seqs.delete(id);
    return;
  }
  if (kind === 'sent') insertCarrierId.run(rest[0], seq);
  setState.run(kind, seq);
}

parentPort?.on('message', (text: string) => {
  const steps: Step[] = JSON.parse(text);
  const now = Date.now();
  begin.run();
  for (const step of steps) write(step, now);
  commit.run();
  parentPort?.postMessage(steps.length);
});
