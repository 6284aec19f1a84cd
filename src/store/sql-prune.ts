/** Retention, in small steps, and what a start has to know. */

export const meta = `select value from meta where key = $1`;

export const setMeta = `insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`;

/** The highest number a message was ever given, where that message is gone. */
export const lastNumber = 'last_seq';

export const keepLastNumber = `
  insert into meta (key, value)
  select '${lastNumber}', $1 where not exists (select 1 from message where seq > $1)
    and not exists (select 1 from meta where key = '${lastNumber}' and value >= $1)
  on conflict (key) do update set value = excluded.value`;

/** Keys that rows of the store need. */
export const keyMarks = `select key, value from meta where key like 'text key %' or key like 'phone key %' order by key`;

export const endedAfter = `
  select seq, ended_at from message
  where ended_at is not null and (ended_at, seq) > ($1, $2) and ended_at <= $3 order by ended_at, seq limit $4`;

export const endedBefore = `
  select seq from message where ended_at is not null and ended_at <= $1 order by ended_at, seq limit $2`;

export const deletePayload = `delete from payload where message = $1`;

export const forgetMessage = [
  deletePayload,
  `delete from segment where message = $1`,
  `delete from event where message = $1`,
  `delete from dead_letter where message = $1`,
  `delete from message where seq = $1`,
] as const;

export const insertDedupe = `
  insert into dedupe (id, until) values ($1, $2) on conflict (id) do update set until = excluded.until`;

export const pruneParked = `
  delete from parked_receipt where id in (select id from parked_receipt where at <= $1 order by at limit $2)
  returning carrier`;

export const pruneFingerprints = `
  delete from fingerprint where key in (select key from fingerprint where at <= $1 order by at limit $2)`;

export const pruneJoinedParts = `
  delete from joined_part where (carrier, part_group, fingerprint) in (
    select carrier, part_group, fingerprint from joined_part where at <= $1 order by at limit $2)`;

export const pruneHeard = `delete from heard where lane in (select lane from heard where at <= $1 order by at limit $2)`;

export const pruneDedupe = `delete from dedupe where id in (select id from dedupe where until <= $1 order by until limit $2)`;

export const leasedJobs = `select * from job where state = 'leased'`;

export const startedSegments = `
  select * from segment where message = $1 and cycle = $2 and state = 'started' order by idx`;

export const queues = `select id, name from queue`;

export const jobCounts = `
  select queue, kind, count(*) as jobs, count(lone) as alone, sum(case when state = 'leased' then 0 else 1 end) as waiting
  from job group by queue, kind`;

/** All jobs alone in their lanes beyond this one, so many at a time: two lists in JSON, of jobs and their lanes. */
export const loneJobsAfter = `
  select json_group_array(id) as keys, json_group_array(lone) as counterparts from (
    select id, lone from job where lone is not null and id > $1 order by id limit $2)`;

/** All lanes beyond this one that the index lists, so many at a time: two lists in JSON, of lanes and how many jobs each holds. */
export const lanesAfter = `
  select json_group_array(lane) as keys, json_group_array(jobs) as counterparts from (
    select lane, count(*) as jobs from job where lane > $1 group by lane order by lane limit $2)`;
