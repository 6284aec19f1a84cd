import type {MessageState} from '../core/message.ts';

/** The stop button, and what people look at. */

export const gates = `select kind, filter, reason, set_by, since, until from gate order by since, kind, filter`;

export const setGate = `
  insert into gate (kind, filter, reason, set_by, since, until) values ($1, $2, $3, $4, $5, $6)
  on conflict (kind, filter) do update set reason = excluded.reason, set_by = excluded.set_by, until = excluded.until`;

export const clearGate = `delete from gate where kind = $1 and filter = $2`;

export const insertDeadLetter = `
  insert into dead_letter (message, reason, at, detail) values ($1, $2, $3, $4)
  on conflict (message) do update set reason = excluded.reason, at = excluded.at, detail = excluded.detail`;

export const deleteDeadLetter = `delete from dead_letter where message = $1`;

/** Of these its platform has still to be told, whatever became of the text. */
export const ofReceipts: readonly string[] = ['post_refused', 'post_unanswered', 'restored_receipt'];

/** What was not known, or ended badly, turned out otherwise. */
export const endDeadLetter = `
  delete from dead_letter where message = $1 and reason not in (${ofReceipts.map(reason => `'${reason}'`).join(', ')})`;

export const deadLetterOf = `select reason, at from dead_letter where message = $1`;

export const payloadBody = `select body from payload where message = $1`;

export const payloadRaw = `select raw from payload where message = $1`;

export const takeUnknownSegments = `
  update segment set state = 'taken', answered_at = $3 where message = $1 and cycle = $2 and state = 'unknown'`;

/** What it may have sent stands in its row from now on. */
export const retryUnknownSegments = `
  update segment set state = 'idle', answered_at = $3, unanswered = 1 where message = $1 and cycle = $2 and state = 'unknown'`;

/** From the back, so that no purge promotes what it is about to end. */
export const lastWaiting = `select * from job where queue = $1 and state = 'waiting' order by id desc limit 1`;

export const firstReady = `select * from job where queue = $1 and state = 'ready' order by due_at desc, id desc limit 1`;

/** How far ahead a retry may be due; what is due later waits for its hours, and nobody is late with it. */
export const soonMs = 900_000;

/** The first by due time and the first of those behind a head: near enough, and never a walk through the backlog. */
export const oldestInQueue = `
  select min(at) as at from (
    select min(at) as at from (
      select m.accepted_at as at from job j join message m on m.seq = j.message
      where j.queue = $1 and j.state = 'ready' and j.due_at <= $2 order by j.due_at, j.id limit 1) as ready
    union all
    select min(at) as at from (
      select m.accepted_at as at from job j join message m on m.seq = j.message
      where j.queue = $1 and j.state = 'waiting' order by j.id limit 1) as waiting) as both_of_them`;

/** What few messages become and people look for has an index; what most pass through is near the end of the table anyhow, and the index would be written with each step. */
export const troubles: readonly MessageState[] = ['failed', 'expired', 'unknown', 'handled'];

/**
 * As the index has it: the planner uses it for a condition that says the same. Other states are a migration of their own. Not `in (…)`: of three and
 * more SQLite makes a table of its own, twice at each change of a message's row.
 */
export const isTroubled = `(${troubles.map(state => `state = '${state}'`).join(' or ')})`;

export const troubledIndex = `
  drop index message_state;
  create index message_troubled on message (state, seq) where state in ('failed', 'expired', 'unknown', 'handled');
`;

export const troubledByOr = `
  drop index message_troubled;
  create index message_troubled on message (state, seq) where ${isTroubled};
`;

export const lastSeq = `select coalesce(max(seq), 0) as seq from message`;

export const startCycle = `
  update message set cycle = cycle + 1, state = 'accepted', state_at = $2, ended_by = null, reason_code = null, reason_message = null,
    ended_at = null, watch_at = null, expires_at = $3, plan = null, segments = null, carrier = $4
  where seq = $1`;

export const replaceUnreadable = `
  update message set platform = $2, channel = $3, carrier = $4, phone = $5, address = $6, priority = $7, reference = $8,
    trace = $9, external_key = null, expires_at = $10, state = 'accepted', state_at = $11, ended_by = null, reason_code = null,
    reason_message = null, ended_at = null
  where seq = $1`;

/** For a text from a phone whose channel is found at last. */
export const route = `
  update message set platform = $2, channel = $3, state = 'accepted', state_at = $4, ended_by = null, reason_code = null,
    reason_message = null, ended_at = null
  where seq = $1`;

export const deletePayload = `delete from payload where message = $1`;

export const messageFrom = `select seq, accepted_at from message where seq >= $1 order by seq limit 1`;

/** By the index of ids, whatever the carrier. */
export const messagesByKey = `
  select distinct message from segment where id_key in ($1, $2, $3) order by message desc limit 50`;
