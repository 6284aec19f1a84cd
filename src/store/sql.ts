/** Whole statements both engines take. Claims stand beside the engine that needs them. */

// ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const isKnownId = `
  select 1 from message where id = $1 union all select 1 from dedupe where id = $1 limit 1`;

export const insertMessage = `
  insert into message (id, direction, platform, channel, carrier, phone, address, priority, state, reference, trace,
    external_key, accepted_at, expires_at, state_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13)
  returning seq`;

export const insertPayload = `insert into payload (message, body, raw) values ($1, $2, $3)`;

export const messageById = `select * from message where id = $1`;

export const messageBySeq = `select * from message where seq = $1`;

export const externalKeyHolder = `select id from message where external_key = $1 order by seq limit 1`;

/** Looks at the pair's last few messages only: a phone that writes much must not make each answer slow. */
export const lastReference = `
  select reference from (
    select seq, reference, direction, channel, platform from message where phone = $1 order by seq desc limit 50) as latest
  where direction = 'outbound' and channel = $2 and platform = $3 order by seq desc limit 1`;

export const setState = `
  update message set state = $2, state_at = $3, ended_by = $4, reason_code = $5, reason_message = $6, ended_at = $7, watch_at = $8
  where seq = $1`;

export const setSending = `
  update message set state = 'sending', state_at = $2, plan = $3, segments = $4, carrier = $5 where seq = $1`;

export const setEndedBy = `update message set ended_by = $2, reason_code = $3, reason_message = $4 where seq = $1`;

export const setWatch = `update message set watch_at = $2 where seq = $1`;

export const setOwed = `update message set owed = $2 where seq = $1`;

export const setEnded = `update message set ended_at = $2, watch_at = null where seq = $1`;

export const dueWatches = `
  select * from message where watch_at is not null and watch_at <= $1 order by watch_at limit $2`;

export const insertEvent = `
  insert into event (message, n, at, event, detail)
  values ($1, (select coalesce(max(n), 0) + 1 from event where message = $1), $2, $3, $4)`;

export const sameEvent = `select 1 from event where message = $1 and event = $2 and detail = $3 limit 1`;

export const eventsOf = `select at, event, detail from event where message = $1 order by n`;

export const heardAt = `select at from heard where lane = $1`;

export const setHeard = `
  insert into heard (lane, at) values ($1, $2) on conflict (lane) do update set at = excluded.at`;

// ── jobs and lanes ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const queueByName = `select id from queue where name = $1`;

export const insertQueue = `insert into queue (name) values ($1) returning id`;

export const insertJob = `
  insert into job (id, message, kind, queue, lane, state, due_at, priority, queued_at, expires_at, receipt, attempts)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

export const jobById = `select * from job where id = $1`;

export const leasedJob = `select * from job where id = $1 and fence = $2 and state = 'leased'`;

/** A lane with jobs always has one head; it stands at the front but for an older message that came back. */
export const laneHead = `select * from job where lane = $1 and state <> 'waiting' order by id limit 1`;

export const laneFront = `select id from job where lane = $1 order by id limit 1`;

export const laneInteractive = `select 1 from job where lane = $1 and priority = 'interactive' limit 1`;

export const laneBulk = `select * from job where lane = $1 and priority = 'bulk' and id < $2`;

export const setJobQueue = `update job set queue = $2, priority = $3 where id = $1`;

export const setJobWaiting = `update job set state = 'waiting' where id = $1`;

export const promoteLane = `
  update job set state = 'ready', queued_at = $2
  where id = (select id from job where lane = $1 order by id limit 1) and state = 'waiting'
  returning id, queue, due_at`;

export const releaseJob = `
  update job set state = $2, due_at = $3, attempts = $4, queue = $5, queued_at = $6, renewed = 0 where id = $1`;

export const deleteJob = `delete from job where id = $1 returning *`;

export const setReceipt = `update job set receipt = $2 where id = $1`;

/** What is owed now comes after what is on its way. */
export const renewReceipt = `update job set receipt = $2, renewed = 1 where id = $1`;

export const restartReceipt = `
  update job set state = 'ready', receipt = $2, renewed = 0, attempts = 0, fence = 0, due_at = $3, queued_at = $3 where id = $1`;

// ── segments and receipts ───────────────────────────────────────────────────────────────────────────────────────────────

export const segmentsOf = `select * from segment where message = $1 and cycle = $2 order by idx`;

export const allSegmentsOf = `select * from segment where message = $1 order by cycle desc, idx`;

export const lastAttempt = `select max(attempt) as attempt from segment where message = $1`;

export const oneSegment = `select * from segment where message = $1 and cycle = $2 and idx = $3`;

export const startSegment = `
  insert into segment (message, cycle, idx, attempt, carrier, state, started_at) values ($1, $2, $3, $4, $5, 'started', $6)
  on conflict (message, cycle, idx) do update set attempt = excluded.attempt, carrier = excluded.carrier, state = 'started',
    started_at = excluded.started_at, answered_at = null`;

export const setSegment = `
  update segment set state = $4, answered_at = $5 where message = $1 and cycle = $2 and idx = $3`;

/** The first id a segment is given stays. */
export const answerSegment = `
  update segment set state = $4, answered_at = $5, id_key = coalesce(id_key, $6), carrier_message_id = coalesce(carrier_message_id, $7)
  where message = $1 and cycle = $2 and idx = $3`;

export const setSegmentId = `
  update segment set id_key = coalesce(id_key, $4), carrier_message_id = coalesce(carrier_message_id, $5)
  where message = $1 and cycle = $2 and idx = $3`;

/** Only the newest: an SMSC that counts from 1 after each restart gives one id to many. */
export const segmentsByKey = `
  select s.*, m.phone as phone from segment s join message m on m.seq = s.message
  where s.id_key = $1 and s.carrier = $2 order by s.message desc, s.idx limit 50`;

/** Sent or being sent to this phone by this carrier, and the carrier's id is not known. */
export const segmentsWithoutId = `
  select s.*, m.phone as phone from message m join segment s on s.message = m.seq and s.cycle = m.cycle
  where m.phone = $1 and m.state in ('unknown', 'sending') and s.carrier = $2 and s.state in ('unknown', 'started')
    and s.id_key is null and s.started_at <= $3
  order by m.seq desc limit 3`;

export const insertParked = `
  insert into parked_receipt (carrier, id_key, phone, receipt, at) values ($1, $2, $3, $4, $5)`;

export const sameParked = `
  select 1 from parked_receipt where id_key = $1 and carrier = $2 and receipt = $3 limit 1`;

export const parkedByKey = `
  select id, receipt from parked_receipt where id_key in ($1, $2, $3) and carrier = $4 order by id limit 20`;

export const parkedByPhone = `
  select id, receipt from parked_receipt where phone = $1 and carrier = $2 and at >= $3 order by id limit 20`;

export const deleteParked = `delete from parked_receipt where id = $1`;

// ── parts and fingerprints ──────────────────────────────────────────────────────────────────────────────────────────────

export const partsOf = `select * from part where carrier = $1 and part_group = $2 order by part`;

export const insertPart = `
  insert into part (carrier, part_group, part, total, from_address, to_address, body, coding, fingerprint, received_at, held_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

export const renameGroup = `update part set part_group = $3 where carrier = $1 and part_group = $2`;

export const deleteParts = `delete from part where carrier = $1 and part_group = $2`;

export const joinedPart = `
  select 1 from joined_part where carrier = $1 and part_group = $2 and fingerprint = $3 and at > $4`;

export const joinedGroup = `
  select message_id from joined_part where carrier = $1 and part_group = $2 and at > $3 order by at desc limit 1`;

export const rememberParts = `
  insert into joined_part (carrier, part_group, fingerprint, message_id, at)
  select distinct carrier, part_group, fingerprint, $3, $4 from part where carrier = $1 and part_group = $2
  on conflict (carrier, part_group, fingerprint) do update set message_id = excluded.message_id, at = excluded.at`;

export const overdueGroups = `
  select carrier, part_group, min(received_at) as received_at from part
  group by carrier, part_group having min(held_at) <= $1 or count(*) = max(total)
  order by min(held_at) limit $2`;

export const fingerprintHolder = `select message_id from fingerprint where key = $1 and at > $2`;

export const insertFingerprint = `
  insert into fingerprint (key, message_id, at) values ($1, $2, $3)
  on conflict (key) do update set message_id = excluded.message_id, at = excluded.at`;

export const deleteFingerprint = `delete from fingerprint where key = $1`;

// ── gates, dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────

export const gates = `select kind, filter, reason, set_by, since from gate order by since, kind, filter`;

export const setGate = `
  insert into gate (kind, filter, reason, set_by, since) values ($1, $2, $3, $4, $5)
  on conflict (kind, filter) do update set reason = excluded.reason, set_by = excluded.set_by`;

export const clearGate = `delete from gate where kind = $1 and filter = $2`;

export const insertDeadLetter = `
  insert into dead_letter (message, reason, at, detail) values ($1, $2, $3, $4)
  on conflict (message) do update set reason = excluded.reason, at = excluded.at, detail = excluded.detail`;

export const deleteDeadLetter = `delete from dead_letter where message = $1`;

export const deadLetterOf = `select reason from dead_letter where message = $1`;

// ── looking and upkeep ──────────────────────────────────────────────────────────────────────────────────────────────────

export const payloadBody = `select body from payload where message = $1`;

export const payloadRaw = `select raw from payload where message = $1`;

export const settleUnknownSegments = `
  update segment set state = $3, answered_at = $4 where message = $1 and cycle = $2 and state = 'unknown'`;

/** From the back, so that no purge promotes what it is about to end. */
export const lastWaiting = `select * from job where queue = $1 and state = 'waiting' order by id desc limit 1`;

export const firstReady = `select * from job where queue = $1 and state = 'ready' order by due_at desc, id desc limit 1`;

/** The first by due time and the first of those behind a head: near enough, and never a walk through the backlog. */
export const oldestInQueue = `
  select min(at) as at from (
    select min(at) as at from (
      select m.accepted_at as at from job j join message m on m.seq = j.message
      where j.queue = $1 and j.state = 'ready' order by j.due_at, j.id limit 1) as ready
    union all
    select min(at) as at from (
      select m.accepted_at as at from job j join message m on m.seq = j.message
      where j.queue = $1 and j.state = 'waiting' order by j.id limit 1) as waiting) as both_of_them`;

export const deadLetters = `
  select d.id as cursor, m.id as message_id, d.reason, d.at, m.platform, m.channel, d.detail
  from dead_letter d join message m on m.seq = d.message
  where d.id < $1 order by d.id desc limit $2`;

export const deadLettersByReason = `
  select d.id as cursor, m.id as message_id, d.reason, d.at, m.platform, m.channel, d.detail
  from dead_letter d join message m on m.seq = d.message
  where d.reason = $3 and d.id < $1 order by d.id desc limit $2`;

export const lastSeq = `select coalesce(max(seq), 0) as seq from message`;

export const startCycle = `
  update message set cycle = cycle + 1, state = 'accepted', state_at = $2, ended_by = null, reason_code = null, reason_message = null,
    ended_at = null, watch_at = null, expires_at = $3, plan = null, segments = null
  where seq = $1`;

export const replaceUnreadable = `
  update message set platform = $2, channel = $3, carrier = $4, phone = $5, address = $6, priority = $7, reference = $8,
    trace = $9, external_key = $10, expires_at = $11, state = 'accepted', state_at = $12, ended_by = null, reason_code = null,
    reason_message = null, ended_at = null
  where seq = $1`;

export const deletePayload = `delete from payload where message = $1`;
