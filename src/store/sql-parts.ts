/** Parts of long inbound texts, and how copies of a text are told. */

export const partsOf = `select * from part where carrier = $1 and part_group = $2 order by part`;

export const insertPart = `
  insert into part (carrier, part_group, part, total, from_address, to_address, body, coding, fingerprint, received_at, held_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

export const renameGroup = `update part set part_group = $3 where carrier = $1 and part_group = $2`;

/** Those put aside: the group's name and more. */
export const partsAside = `
  select * from part where carrier = $1 and substr(part_group, 1, $3) = $2 order by part_group, part`;

export const deletePart = `delete from part where carrier = $1 and part_group = $2 and part = $3`;

export const joinedPart = `
  select 1 from joined_part where carrier = $1 and part_group = $2 and fingerprint = $3 and at > $4`;

export const joinedGroup = `
  select message_id from joined_part where carrier = $1 and part_group = $2 and at > $3 order by at desc limit 1`;

export const rememberPart = `
  insert into joined_part (carrier, part_group, fingerprint, message_id, at) values ($1, $2, $3, $4, $5)
  on conflict (carrier, part_group, fingerprint) do update set message_id = excluded.message_id, at = excluded.at`;

export const overdueGroups = `
  select carrier, part_group, min(received_at) as received_at from part
  group by carrier, part_group having min(held_at) <= $1 or count(*) = max(total)
  order by min(held_at) limit $2`;

export const fingerprintHolder = `select message_id from fingerprint where key = $1 and at > $2`;

export const insertFingerprint = `
  insert into fingerprint (key, message_id, at) values ($1, $2, $3)
  on conflict (key) do update set message_id = excluded.message_id, at = excluded.at`;

export const deleteFingerprint = `delete from fingerprint where key = $1`;
