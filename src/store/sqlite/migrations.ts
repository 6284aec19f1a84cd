import {forgettingTables} from '../sql-forget.ts';
import {spentTable} from '../sql-guards.ts';
import {troubledByOr, troubledIndex} from '../sql-people.ts';
import {auditTable} from './audit-table.ts';
import {consentTables, saidAtColumn} from './consent-tables.ts';

/** Appended, never edited: a file in the field was made by a prefix of this list. */
export const migrations: readonly string[] = [
  `
  create table message (
    seq integer primary key,
    id text not null unique,
    direction text not null check (direction in ('outbound', 'inbound')),
    platform text not null,
    channel text not null,
    carrier text not null,
    phone text not null,
    address text not null,
    priority text not null check (priority in ('interactive', 'bulk')),
    state text not null,
    ended_by text,
    reason_code text,
    reason_message text,
    cycle integer not null default 1,
    owed integer not null default 0,
    segments integer,
    plan text,
    reference integer not null default 0,
    trace text not null,
    external_key integer,
    accepted_at integer not null,
    expires_at integer not null,
    state_at integer not null,
    ended_at integer,
    watch_at integer
  );
  create index message_phone on message (phone, seq);
  create index message_channel on message (channel, seq);
  create index message_state on message (state, seq);
  create index message_external on message (external_key) where external_key is not null;
  create index message_ended on message (ended_at, seq) where ended_at is not null;
  create index message_watch on message (watch_at) where watch_at is not null;

  create table payload (message integer primary key, body text, raw text);

  create table queue (id integer primary key, name text not null unique);

  create table job (
    id integer primary key,
    message integer not null,
    kind text not null,
    queue integer not null,
    lane integer,
    state text not null,
    due_at integer not null,
    attempts integer not null default 0,
    fence integer not null default 0,
    priority text not null,
    queued_at integer not null,
    expires_at integer not null,
    receipt text,
    renewed integer not null default 0
  );
  create index job_lane on job (lane, id) where lane is not null;
  create index job_ready on job (queue, due_at, id) where state = 'ready';
  create index job_waiting on job (queue, id) where state = 'waiting';
  create index job_expires on job (queue, expires_at) where state = 'ready' and kind = 'outbound';

  create table segment (
    message integer not null,
    cycle integer not null,
    idx integer not null,
    attempt integer not null,
    carrier text not null,
    state text not null,
    id_key text,
    carrier_message_id text,
    started_at integer not null,
    answered_at integer,
    primary key (message, cycle, idx)
  ) without rowid;
  create index segment_id_key on segment (id_key, carrier) where id_key is not null;

  create table event (
    message integer not null,
    n integer not null,
    at integer not null,
    event text not null,
    detail text,
    primary key (message, n)
  ) without rowid;

  create table parked_receipt (
    id integer primary key,
    carrier text not null,
    id_key text,
    phone text,
    receipt text not null,
    at integer not null
  );
  create index parked_receipt_id_key on parked_receipt (id_key, carrier) where id_key is not null;
  create index parked_receipt_phone on parked_receipt (phone, carrier) where phone is not null;
  create index parked_receipt_at on parked_receipt (at);

  create table part (
    carrier text not null,
    part_group text not null,
    part integer not null,
    total integer not null,
    from_address text not null,
    to_address text not null,
    body text not null,
    coding text not null,
    fingerprint text not null,
    received_at integer not null,
    held_at integer not null,
    primary key (carrier, part_group, part)
  );
  create index part_held_at on part (held_at);

  create table joined_part (
    carrier text not null,
    part_group text not null,
    fingerprint text not null,
    message_id text not null,
    at integer not null,
    primary key (carrier, part_group, fingerprint)
  ) without rowid;
  create index joined_part_at on joined_part (at);

  create table fingerprint (key text primary key, message_id text not null, at integer not null) without rowid;
  create index fingerprint_at on fingerprint (at);

  create table heard (lane integer primary key, at integer not null);
  create index heard_at on heard (at);

  create table dedupe (id text primary key, until integer not null) without rowid;
  create index dedupe_until on dedupe (until);

  create table dead_letter (
    id integer primary key,
    message integer not null unique,
    reason text not null,
    at integer not null,
    detail text not null
  );
  create index dead_letter_reason on dead_letter (reason, id);

  create table gate (
    kind text not null,
    filter text not null,
    reason text not null,
    set_by text not null,
    since integer not null,
    primary key (kind, filter)
  ) without rowid;

  create table meta (key text primary key, value integer not null) without rowid;
  `,
  consentTables,
  `
  alter table gate add column until integer;
  `,
  auditTable,
  spentTable,
  forgettingTables,
  `
  create index job_leased on job (queue) where state = 'leased';
  `,
  troubledIndex,
  'alter table job add column lone integer',
  'alter table segment add column unanswered integer',
  saidAtColumn,
  troubledByOr,
];
