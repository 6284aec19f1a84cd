/** What a backup that was restored still owes. */

export const lastJobs = `select id from job order by id desc limit $1`;

export const watched = `select seq from message where watch_at is not null order by watch_at limit $1`;

export const doubtSegment = `
  insert into segment (message, cycle, idx, attempt, carrier, state, started_at) values ($1, $2, $3, $4, $5, 'unknown', $6)
  on conflict (message, cycle, idx) do update set state = 'unknown'`;

export const partOfBackup = `
  select 1 from part
  where carrier = $1 and part_group = $2 and held_at <= (select value from meta where key = 'restored_at') limit 1`;
