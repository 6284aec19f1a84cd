/** Texts one by one, from the newest backwards; and what is claimed. */

export const textJobs = `
  select j.id, j.queue, j.state, j.due_at, m.phone, m.accepted_at, m.priority as accepted_as
  from job j join message m on m.seq = j.message
  where j.id < $1 and j.id >= $2 and j.kind = 'outbound' order by j.id desc limit $3`;

export const textJobsOfPhone = `
  select j.id, j.queue, j.state, j.due_at, m.phone, m.accepted_at, m.priority as accepted_as
  from message m join job j on j.message = m.seq and j.id = m.seq * 4
  where m.phone = $4 and m.seq < $1 and m.seq >= $2 and m.direction = 'outbound' order by m.seq desc limit $3`;

export const hastenJob = `
  update job set due_at = $2 where id = $1 and state = 'ready' and due_at > $3 returning queue`;

export const underWay = `
  select q.name as queue, cast(count(*) as integer) as count from job j join queue q on q.id = j.queue
  where j.state = 'leased' group by q.name`;
