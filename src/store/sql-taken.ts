/** What the answer to a text's one segment has to know; nothing when the claim is somebody else's by now. */
export const claimToTake = `
  select j.id, j.kind, j.queue, j.lane, j.lone, j.state, m.seq, m.cycle, m.phone, m.carrier, m.state as message_state, m.segments, m.ended_by,
    s.carrier as sent_by, s.started_at, s.state as segment_state, s.id_key
  from job j join message m on m.seq = j.message left join segment s on s.message = m.seq and s.cycle = m.cycle and s.idx = $3
  where j.id = $1 and j.fence = $2 and j.state = 'leased'`;

/** A carrier took it, and nothing is known of it but what it answered. */
export const takeSegment = `
  update segment set state = 'taken', answered_at = $4, id_key = $5, carrier_message_id = $6
  where message = $1 and cycle = $2 and idx = $3`;
