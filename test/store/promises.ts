import type Database from 'better-sqlite3';

/** What the contract promises of each text at any moment, as questions to the rows that must find nothing. */
const questions = {
  'texts that ended at no time': `
    select id from message where state in ('delivered', 'failed', 'expired') and ended_at is null`,
  'open texts with an end or a watch': `
    select id from message where state in ('accepted', 'sending') and (ended_at is not null or watch_at is not null)`,
  'texts nobody looks at again': `
    select id from message where state in ('sent', 'unknown') and ended_at is null and watch_at is null`,
  'segments on their way that nobody has claimed': `
    select s.message from segment s left join job j on j.message = s.message and j.kind = 'outbound'
    where s.state = 'started' and coalesce(j.state, '') <> 'leased'`,
  'texts to be sent although a segment of theirs is unknown': `
    select m.id from message m join job j on j.message = m.seq and j.kind = 'outbound'
      join segment s on s.message = m.seq and s.cycle = m.cycle
    group by m.id having sum(s.state = 'unknown') > 0 and sum(s.state = 'started') = 0`,
  'dead letters of texts that are under way or arrived': `
    select m.id from dead_letter d join message m on m.seq = d.message
    where m.state in ('accepted', 'sending', 'delivered') or (m.state = 'sent' and m.ended_at is null)`,
  'expired texts no person hears of': `
    select id from message where state = 'expired' and seq not in (select message from dead_letter)`,
  'ended texts the platform is told nothing of': `
    select id from message where state in ('delivered', 'failed', 'expired') and direction = 'outbound' and owed < cycle`,
  'receipts that tell another end': `
    select m.id from job j join message m on m.seq = j.message
    where j.kind = 'receipt' and j.fence = 0 and m.state in ('delivered', 'failed', 'expired')
      and (j.receipt ->> 'status' = 'Delivered') <> (m.state = 'delivered')`,
  'receipts of texts that have not ended': `
    select m.id from job j join message m on m.seq = j.message
    where j.kind = 'receipt' and j.fence = 0 and (m.state in ('accepted', 'sending') or (m.state = 'sent' and m.ended_at is null))`,
};

interface Known {
  seq: number;
  id: string;
  state: string;
  cycle: number;
  ended_by: string | null;
}

/** Looks after each step; throws what is wrong. */
export function createPromises(reader: Database.Database): () => void {
  const all = Object.entries(questions).map(([what, sql]) => ({what, statement: reader.prepare(sql)}));
  const messages = reader.prepare(`select seq, id, state, cycle, ended_by from message where direction = 'outbound'`);
  let before = new Map<string, Known>();
  let last = 0;

  return () => {
    for (const {what, statement} of all) {
      const found = statement.all();
      if (found.length > 0) throw new Error(`${what}: ${JSON.stringify(found)}`);
    }
    const now = messages.all() as Known[];
    for (const message of now) checkChange(before.get(message.id), message, last);
    before = new Map(now.map(message => [message.id, message]));
    last = Math.max(last, ...now.map(({seq}) => seq));
  };
}

/** The first final word of a carrier stands; a number is given once. */
function checkChange(before: Known | undefined, now: Known, last: number): void {
  if (before === undefined && now.seq <= last) throw new Error(`${now.id} has the number of another message`);
  if (before?.cycle !== now.cycle || before.ended_by !== 'carrier' || before.state === now.state) return;
  throw new Error(`${now.id} was ${before.state} by its carrier's word, and is ${now.state}`);
}
