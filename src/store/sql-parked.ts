/** Receipts that came before the answer that names their segment. */

export const insertParked = `
  insert into parked_receipt (carrier, id_key, phone, receipt, at) values ($1, $2, $3, $4, $5)`;

export const parkedByKey = `
  select id, receipt from parked_receipt where id_key in ($1, $2, $3) and carrier = $4 order by id limit 20`;

/** Those of an id, if there is one, before those to a phone. */
export const parkedFor = `
  select id, receipt from (
    select 1 as place, k.id, k.receipt from (
      select id, receipt from parked_receipt where id_key in ($1, $2, $3) and carrier = $4 order by id limit 20) as k
    union all select 2, p.id, p.receipt from (
      select id, receipt from parked_receipt where phone = $5 and carrier = $4 and at >= $6 order by id limit 20) as p) as parked
  order by place, id`;

export const parkedNow = `
  select carrier, cast(count(*) as integer) as parked from parked_receipt group by carrier order by carrier`;

export const deleteParked = `delete from parked_receipt where id = $1`;
