import {toClaimed} from '../sql-claimed.ts';

/**
 * A replica that was given up for dead gets nothing. Queues in the order named, none looked at once there are enough; what another replica is about to
 * take is passed over. Those that are due are looked up one by one (see `lookups.ts`).
 */
function lease(condition: string, order: string): string {
  return `
    with alive as materialized (select id from replica where id = $4::bigint for key share skip locked),
    asked as materialized (
      select a.place, q.id as queue, q.name
      from json_array_elements_text($1::json) with ordinality as a (name, place) join queue q on q.name = any(array[a.name])
      where exists (select 1 from alive) order by a.place),
    due as materialized (
      select j.id, a.place, a.name from asked a cross join lateral (
        select id from job where queue = a.queue and ${condition} order by ${order} limit $2::bigint for update skip locked) as j
      limit $2::bigint)
    update job set state = 'leased', fence = nextval('fence'), holder = $4::bigint from due where job.id = any(array[due.id])
    returning job.*, due.place, due.name as queue_name`;
}

export const claimDue = lease(`state = 'ready' and due_at <= $3::bigint`, 'due_at, id');

export const claimExpired = lease(
  `state = 'ready' and kind = 'outbound' and expires_at <= $3::bigint`,
  'expires_at, id',
);

export const claimedMessage = `
  select ${toClaimed('$2')}
  from message m where m.seq = $1`;
