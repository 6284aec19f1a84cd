/** What is written down before a segment leaves. */

export const setSending = `
  update message set state = 'sending', state_at = $2, plan = $3, segments = $4, carrier = $5 where seq = $1`;

/** What a start has to know; nothing when the claim is somebody else's by now. */
export const claimToStart = `
  select m.seq, m.cycle, m.state, m.plan, m.segments, m.carrier, s.state as segment_state
  from job j join message m on m.seq = j.message left join segment s on s.message = m.seq and s.cycle = m.cycle and s.idx = $3
  where j.id = $1 and j.fence = $2 and j.state = 'leased'`;

/** Of a text nobody has tried before. */
export const insertSegment = `
  insert into segment (message, cycle, idx, attempt, carrier, state, started_at) values ($1, $2, $3, $4, $5, $6, $7)`;

export const startSegment = `
  insert into segment (message, cycle, idx, attempt, carrier, state, started_at) values ($1, $2, $3, $4, $5, 'started', $6)
  on conflict (message, cycle, idx) do update set attempt = excluded.attempt, carrier = excluded.carrier, state = 'started',
    started_at = excluded.started_at, answered_at = null`;

/** Nothing of it has left: it has never been tried. */
export const dropStart = `delete from segment where message = $1 and cycle = $2 and idx = 0 and state = 'started'`;

export const setUnstarted = `
  update message set state = 'accepted', state_at = accepted_at, plan = null, segments = null where seq = $1`;
