import {nameLength} from '../core/message.ts';

/** All that is asked before an outbound text is stored, at once. One that is stored already is its own namesake, or has one. */

const isNamesake = `substr(id, 1, ${nameLength}) = substr($1, 1, ${nameLength})`;

/** SQLite keeps ids in the order of their bytes: those that begin alike stand together in the index they have anyway. */
export const outboundFacts = toFacts({
  first: `select min(seq) from message
    where id >= substr($1, 1, ${nameLength}) and id < substr($1, 1, ${nameLength}) || '~' and ${isNamesake}`,
  ofPhone: 'phone = $3 order by seq desc',
});

/** PostgreSQL keeps them in an order of words, and has an index of beginnings. No other index serves these orders, whatever statistics say. */
export const outboundFactsByName = toFacts({
  first: `select min(seq + 0) from message where ${isNamesake}`,
  ofPhone: 'phone between $3 and $3 order by phone desc, seq desc',
});

export const nameIndex = `create index message_name on message (substr(id, 1, ${nameLength}), seq)`;

/** The pair's last messages only: a phone that writes much must not make each answer slow. */
function toFacts({first, ofPhone}: {first: string; ofPhone: string}): string {
  return `
  select
    (select 1 from dedupe where id = $1) as remembered,
    (select id from message where seq = (${first})) as namesake,
    (select at from heard where lane = $2) as heard_at,
    (select reference from (
      select seq, reference, direction, channel, platform from message where ${ofPhone} limit 50) as latest
      where direction = 'outbound' and channel = $4 and platform = $5 order by seq desc limit 1) as reference`;
}
