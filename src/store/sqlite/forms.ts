import {insertMessage} from '../sql.ts';
import {lastNumber} from '../sql-prune.ts';

/** SQLite numbers after the highest number there is: what a forgotten message was called would be another's. */
const nextNumber = `1 + max(
  coalesce((select max(seq) from message), 0), coalesce((select value from meta where key = '${lastNumber}'), 0))`;

/** Statements that read something other than what they say to PostgreSQL. */
export const forms: ReadonlyMap<string, string> = new Map([
  [insertMessage, insertMessage.replace('message (', 'message (seq, ').replace('values (', `values (${nextNumber}, `)],
]);
