/** What operators did. */

export const insertAudit = `
  insert into audit (at, actor, via, action, target, outcome, before_count, done_count, after_count)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  returning id`;

export const addDone = `update audit set done_count = coalesce(done_count, 0) + $2 where id = $1`;

export const endAudit = `update audit set outcome = $2, after_count = $3 where id = $1`;

export const audits = `
  select * from audit
  where id < $1 and coalesce($2, action) = action and coalesce($3, actor) = actor and at >= $4 and at < $5
  order by id desc limit $6`;

export const pruneAudit = `delete from audit where id in (select id from audit where at <= $1 order by at limit $2)`;
