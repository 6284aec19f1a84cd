/** Who may be written to. */

export const outOfLists = `select list from consent where phone = $1 and state = 'out'`;

export const consentOf = `select * from consent where list = $1 and phone = $2`;

export const setConsent = `
  insert into consent (list, phone, state, at, source, detail, after_seq) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (list, phone) do update set state = excluded.state, at = excluded.at, source = excluded.source,
    detail = excluded.detail, after_seq = excluded.after_seq, pass_until = null, pass_message = null, said_at = null`;

export const sayAgain = `update consent set said_at = $3 where list = $1 and phone = $2`;

export const insertConsentEvent = `
  insert into consent_event (list, phone, state, at, source, detail) values ($1, $2, $3, $4, $5, $6)`;

export const grantPass = `
  update consent set after_seq = $3, pass_until = $4, pass_message = null
  where list = $1 and phone = $2 and state = 'out'`;

export const usePass = `update consent set pass_message = $3 where list = $1 and phone = $2`;

export const consents = `
  select id as cursor, * from consent
  where id < $1 and coalesce($2, phone) = phone and coalesce($3, list) = list and coalesce($4, state) = state
  order by id desc limit $5`;

export const consentsOfPhone = `
  select id as cursor, * from consent
  where phone = $2 and id < $1 and coalesce($3, list) = list and coalesce($4, state) = state
  order by id desc limit $5`;

export const consentEvents = `
  select id as cursor, * from consent_event
  where id < $1 and coalesce($2, phone) = phone and coalesce($3, list) = list and coalesce($4, state) = state
  order by id desc limit $5`;

export const consentEventsOfPhone = `
  select id as cursor, * from consent_event
  where phone = $2 and id < $1 and coalesce($3, list) = list and coalesce($4, state) = state
  order by id desc limit $5`;

/** Whether one of the phone's last texts to a channel was this order, and was answered. */
export const answeredLately = `
  select 1 as found from (
    select seq, platform, channel, accepted_at from message where phone = $1 and direction = 'inbound' order by seq desc limit 200) m
  join event e on e.message = m.seq
  where m.platform = $2 and m.channel = $3 and m.accepted_at > $4 and e.event = 'order'
    and e.detail like $5 and e.detail like '%"answered":true%' limit 1`;

/** From the back, so that no purge promotes what it is about to end. */
export const waitingBulkOfLane = `
  select j.* from job j join message m on m.seq = j.message
  where j.lane = $1 and j.state <> 'leased' and m.priority = 'bulk' order by j.id desc limit $2`;
