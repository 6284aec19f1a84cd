/** Whole statements both engines take. Claims stand beside the engine that needs them. */

// ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const isKnownId = `
  select 1 from message where id = $1 union all select 1 from dedupe where id = $1 limit 1`;

export const insertMessage = `
  insert into message (id, direction, platform, channel, carrier, phone, address, priority, state, reference, trace,
    accepted_at, expires_at, headers, plan, segments, state_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $12)
  returning seq`;

export const insertPayload = `insert into payload (message, body, raw) values ($1, $2, $3)`;

export const messageById = `select * from message where id = $1`;

export const phoneOf = `select phone from message where seq = $1`;

export const messageBySeq = `select * from message where seq = $1`;

export const setState = `
  update message set state = $2, state_at = $3, ended_by = $4, reason_code = $5, reason_message = $6, ended_at = $7, watch_at = $8
  where seq = $1`;

/** It has not ended, or not any more. */
export const setUnended = `
  update message set state = $2, state_at = $3, ended_by = null, reason_code = null, reason_message = null, ended_at = null, watch_at = $4
  where seq = $1`;

/** Its end, and that the platform is owed word of it. */
export const setEnd = `
  update message set state = $2, state_at = $3, ended_by = $4, reason_code = $5, reason_message = $6, ended_at = $3, watch_at = null, owed = $7
  where seq = $1`;

export const setEndedBy = `update message set ended_by = $2, reason_code = $3, reason_message = $4 where seq = $1`;

export const setWatch = `update message set watch_at = $2 where seq = $1`;

export const setOwed = `update message set owed = $2 where seq = $1`;

export const setEnded = `update message set ended_at = $2, watch_at = null where seq = $1`;

export const dueWatches = `
  select * from message where watch_at is not null and watch_at <= $1 order by watch_at limit $2`;

export const insertEvent = `
  insert into event (message, n, at, event, detail) values ($1, $2, $3, $4, $5)`;

export const sameEvent = `select 1 from event where message = $1 and event = $2 and detail = $3 limit 1`;

export const detailsOf = `select detail from event where message = $1 and event = $2 order by n`;

export const eventsOf = `select at, event, detail from event where message = $1 order by n`;

export const setHeard = `
  insert into heard (lane, at) values ($1, $2) on conflict (lane) do update set at = excluded.at`;

// ── jobs and lanes ────────────────────────────────────────────────────────────────────────────────────────────────────

export const queueByName = `select id from queue where name = $1`;

export const queueById = `select name from queue where id = $1`;

export const insertQueue = `insert into queue (name) values ($1) returning id`;

export const insertJob = `
  insert into job (id, message, kind, queue, lane, lone, state, due_at, priority, queued_at, expires_at, receipt, attempts)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/** It is somebody's from the beginning: there is room for it. */
export const insertLeasedJob = `
  insert into job (id, message, kind, queue, lane, lone, state, due_at, priority, queued_at, expires_at, receipt, attempts, fence)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

/** Somebody else comes into its lane. */
export const listJob = `update job set lane = lone, lone = null where id = $1`;

export const jobById = `select * from job where id = $1`;

export const leasedJob = `select * from job where id = $1 and fence = $2 and state = 'leased'`;

/** A lane with jobs always has one head; it stands at the front but for an older message that came back. */
export const laneHead = `select id, state from job where lane = $1 and state <> 'waiting' order by id limit 1`;

export const laneFront = `select id from job where lane = $1 order by id limit 1`;

export const laneInteractive = `select 1 from job where lane = $1 and priority = 'interactive' limit 1`;

export const laneBulk = `select * from job where lane = $1 and priority = 'bulk' and id < $2`;

export const setJobQueue = `update job set queue = $2, priority = $3 where id = $1`;

export const setJobAside = `
  update job set lane = $2, lone = null, state = $3, due_at = $4, queue = $5, priority = $6, renewed = 0 where id = $1`;

export const setJobWaiting = `update job set state = 'waiting' where id = $1`;

export const promoteLane = `
  update job set state = 'ready', queued_at = $2
  where id = (select id from job where lane = $1 order by id limit 1) and state = 'waiting'
  returning id, queue, due_at`;

export const releaseJob = `
  update job set state = $2, due_at = $3, attempts = $4, queue = $5, queued_at = $6, renewed = 0 where id = $1`;

/** A receipt that was posted, unless another word is owed by now. */
export const takePosted = `
  delete from job where id = $1 and fence = $2 and state = 'leased' and (renewed = 0 or receipt is null)
  returning id, kind, queue, lane, lone, state`;

export const deleteJob = `delete from job where id = $1`;

export const takeJob = `delete from job where id = $1 returning id, kind, queue, lane, lone, state`;

export const setReceipt = `update job set receipt = $2 where id = $1`;

/** What is owed now comes after what is on its way. */
export const renewReceipt = `update job set receipt = $2, renewed = 1, expires_at = $3 where id = $1`;

/** What is owed beside what is on its way is owed no more; what is on its way its claimant has, and nobody after it. */
export const dropRenewed = `update job set renewed = 0, receipt = null where id = $1`;

export const restartReceipt = `
  update job set state = 'ready', receipt = $2, renewed = 0, attempts = 0, fence = 0, due_at = $3, queued_at = $3, expires_at = $3
  where id = $1`;

// ── segments ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const segmentsOf = `select * from segment where message = $1 and cycle = $2 order by idx`;

export const allSegmentsOf = `select * from segment where message = $1 order by cycle desc, idx`;

export const lastAttempt = `select max(attempt) as attempt from segment where message = $1`;

/** Of the cycles before this one. */
export const attemptBefore = `select max(attempt) as attempt from segment where message = $1 and cycle between 1 and $2 - 1`;

export const oneSegment = `select * from segment where message = $1 and cycle = $2 and idx = $3`;

export const setSegment = `
  update segment set state = $4, answered_at = $5 where message = $1 and cycle = $2 and idx = $3`;

/** A try that is followed by another one keeps its id, in a cycle of its own: nobody else may claim it. */
export const keepTry = `
  insert into segment (message, cycle, idx, attempt, carrier, state, id_key, carrier_message_id, started_at, answered_at)
  select message, -attempt, idx, attempt, carrier, 'failed', id_key, carrier_message_id, started_at, answered_at
  from segment where message = $1 and cycle = $2 and idx = $3`;

/** For a new try, which the carrier will give an id of its own. */
export const reopenSegment = `
  update segment set state = 'idle', answered_at = null, id_key = null, carrier_message_id = null
  where message = $1 and cycle = $2 and idx = $3`;

/** A carrier took it. What is known of it by now stays, and so does the first id it was given. */
export const answerSegment = `
  update segment set state = case when state = 'started' then 'taken' else state end, answered_at = $4,
    id_key = coalesce(id_key, $5), carrier_message_id = coalesce(carrier_message_id, $6)
  where message = $1 and cycle = $2 and idx = $3 returning *`;

export const setSegmentId = `
  update segment set id_key = coalesce(id_key, $4), carrier_message_id = coalesce(carrier_message_id, $5)
  where message = $1 and cycle = $2 and idx = $3`;

/** Only the newest: an SMSC that counts from 1 after each restart gives one id to many. In the order of its index, backwards. */
export const segmentsByKey = `
  select s.*, m.phone as phone from segment s join message m on m.seq = s.message
  where s.id_key = $1 and s.carrier = $2 order by s.message desc, s.cycle desc, s.idx desc limit 50`;

/** Sent or being sent to this phone by this carrier, and the carrier's id is not known; those being sent first. */
export const segmentsWithoutId = `
  select s.*, m.phone as phone, m.address as address, m.id as message_id from message m join segment s on s.message = m.seq and s.cycle = m.cycle
  where m.phone = $1 and m.state in ('unknown', 'sending', 'failed', 'expired') and s.carrier = $2 and s.state in ('unknown', 'started')
    and s.id_key is null and s.started_at <= $3
  order by s.state <> 'started', m.seq desc limit 50`;

/** Sent or being sent to this phone by this carrier, ended ones too: a receipt that comes again must find its own. */
export const segmentsToPhone = `
  select s.*, m.phone as phone, m.address as address, m.id as message_id from message m join segment s on s.message = m.seq
  where m.phone = $1 and m.direction = 'outbound' and s.carrier = $2 and s.state not in ('idle', 'refused') and s.started_at <= $3
  order by m.seq desc, s.cycle desc, s.idx limit 50`;
