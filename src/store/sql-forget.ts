/** What is kept of one phone, and how it is forgotten. */

export const countMessages = `
  select cast(count(*) as integer) as messages,
    cast(coalesce(sum(case when state = 'sent' and ended_at is null then 1 else 0 end), 0) as integer) as without_receipt
  from message where phone = $1`;

export const countTexts = `
  select cast(count(*) as integer) as count from message m join payload p on p.message = m.seq where m.phone = $1`;

export const countDeadLettersOf = `
  select cast(count(*) as integer) as count from message m join dead_letter d on d.message = m.seq where m.phone = $1`;

/** A message's jobs are numbered after it. */
export const countJobs = `
  select j.kind as kind, j.state as state, cast(count(*) as integer) as count
  from message m join job j on j.id in (m.seq * 4, m.seq * 4 + 1, m.seq * 4 + 2)
  where m.phone = $1 group by j.kind, j.state`;

export const countConsents = `
  select cast((select count(*) from consent where phone = $1) as integer)
    + cast((select count(*) from consent_event where phone = $1) as integer) as count`;

/** By the phone itself, its national form, or anything in it that reads so. */
const ofReceipts = `
  parked_receipt where receipt like '%' || $1 || '%' or (length(phone) >= 7 and $1 like '%' || ltrim(phone, '0'))`;
const ofParts = `part where ltrim(from_address, '+') = $1`;

export const countParked = `select cast(count(*) as integer) as count from ${ofReceipts}`;
export const countParts = `select cast(count(*) as integer) as count from ${ofParts}`;
export const parkedOf = `select receipt from ${ofReceipts}`;
export const partsOfPhone = `select * from ${ofParts}`;
export const deleteParkedOf = `delete from ${ofReceipts}`;
export const deletePartsOf = `delete from ${ofParts}`;

/** Groups are named after the addresses of their parts. */
export const deleteJoinedOf = `delete from joined_part where part_group like '%' || $1 || '%'`;

/** What an operator paused or drained for this phone alone. */
export const deleteGatesOf = `delete from gate where filter like '%"phone":"' || $1 || '"%'`;

export const orders = `select phone, set_by, at_once, before_seq from forgetting order by at, phone`;

export const orderOf = `select phone, set_by, at, at_once, before_seq from forgetting where phone = $1`;

export const insertOrder = `
  insert into forgetting (phone, set_by, at, at_once, before_seq)
  values ($1, $2, $3, $4, (select coalesce(max(seq), 0) + 1 from message))
  on conflict (phone) do update set set_by = excluded.set_by, at = excluded.at, at_once = excluded.at_once,
    before_seq = excluded.before_seq`;

/** Of an order: written in its transaction. Phones are masked there, so that two of one moment may look alike; each end takes one. */
const auditOfOrder = `
  select max(id) from audit where at = $1 and actor = $2 and target = $3 and action = 'forget' and outcome = 'ordered'`;

export const addForgotten = `
  update audit set done_count = coalesce(done_count, 0) + $4 where id = (${auditOfOrder})`;

export const repeatOrderAudit = `update audit set outcome = 'ordered_again' where id = (${auditOfOrder})`;

export const endOrderAudit = `
  update audit set outcome = 'done', done_count = coalesce(done_count, 0), after_count = 0 where id = (${auditOfOrder})`;

export const deleteOrder = `delete from forgetting where phone = $1`;

export const messagesBefore = `select * from message where phone = $1 and seq < $2 order by seq desc limit $3`;

export const unreadableBefore = `
  select m.id as id, m.seq as seq from message m join dead_letter d on d.message = m.seq
  where m.phone = '' and m.seq < $1 and d.reason = 'unreadable' order by m.seq desc limit $2`;

export const segmentIds = `
  select distinct carrier, carrier_message_id from segment where message = $1 and carrier_message_id is not null`;

export const insertForgottenReceipt = `
  insert into forgotten_receipt (key, until) values ($1, $2) on conflict (key) do update set until = excluded.until`;

export const forgottenReceipt = `select 1 from forgotten_receipt where key in ($1, $2, $3) limit 1`;

export const forgottenId = `
  select 1 from dedupe where id = $1 and not exists (select 1 from message where id = $1) limit 1`;

export const pruneForgotten = `
  delete from forgotten_receipt where key in (select key from forgotten_receipt where until <= $1 order by until limit $2)`;

export const deleteHeard = `delete from heard where lane = $1`;

export const consentsNaming = `select * from consent where phone = $1`;

export const consentEventsNaming = `select id, detail from consent_event where phone = $1`;

export const dropConsent = `delete from consent where list = $1 and phone = $2`;

export const renameConsent = `update consent set phone = $2, detail = $3 where id = $1`;

export const renameConsentEvent = `update consent_event set phone = $2, detail = $3 where id = $1`;

export const payloadsAfter = `
  select p.message as seq, m.id as id, m.phone as phone from payload p join message m on m.seq = p.message
  where p.message > $1 order by p.message limit $2`;

export const payloadOf = `select body, raw from payload where message = $1`;

export const setPayload = `update payload set body = $2, raw = $3 where message = $1`;

export const deleteMeta = `delete from meta where key = $1`;

export const sealedPart = `select 1 from part where body like 'sealed:%' limit 1`;

/** The key of a late receipt is a hash: of whom it was can't be told from it. */
export const forgettingTables = `
  create table forgetting (
    phone text primary key,
    set_by text not null,
    at integer not null,
    at_once integer not null,
    before_seq integer not null
  ) without rowid;
  create table forgotten_receipt (key integer primary key, until integer not null);
  create index forgotten_receipt_until on forgotten_receipt (until);
`;
