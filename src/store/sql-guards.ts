/** What guards of channels count and look at. */

/** Its opt-out lists, and when it last wrote to the lane's channel: one question for each claim. */
export const aboutPhone = `
  select list, cast(null as integer) as heard_at from consent where phone = $1 and state = 'out'
  union all select null as list, at as heard_at from heard where lane = $2`;

/** Back from this message through what its pair wrote. */
export const exchange = `
  select direction, accepted_at as at from message
  where phone = $1 and seq <= $2 and platform = $3 and channel = $4 order by seq desc limit $5`;

export const beginDay = `
  insert into spent (platform, channel, day, segments, at) values ($1, $2, $3, 0, $4)
  on conflict (platform, channel, day) do nothing`;

export const spend = `
  update spent set segments = segments + $4, at = $6
  where platform = $1 and channel = $2 and day = $3 and segments + $4 <= $5 returning segments`;

export const spentOf = `select segments from spent where platform = $1 and channel = $2 and day = $3`;

export const pruneSpent = `
  delete from spent where (platform, channel, day) in (select platform, channel, day from spent where at <= $1 order by at limit $2)`;

export const spentTable = `
  create table spent (
    platform text not null,
    channel text not null,
    day text not null,
    segments integer not null,
    at integer not null,
    primary key (platform, channel, day)
  ) without rowid;
  create index spent_at on spent (at);
`;
