import type {Tidied} from '../privacy.ts';
import {type Link, toUnavailable} from './link.ts';

/** All that hold a phone or what people wrote. */
const tables = [
  ...['message', 'payload', 'event', 'segment', 'dead_letter', 'job'],
  ...['parked_receipt', 'part', 'heard', 'consent', 'consent_event', 'forgetting'],
];

/**
 * Frees what was deleted, so that new rows overwrite it; `rewrite` writes the tables anew, one after the other, and holds up all that need them.
 * What the server keeps elsewhere (WAL, archives, standbys, backups) is its operator's. A missing right is a failure of the server's own words.
 */
export async function tidyTables(link: Pick<Link, 'query'>, schema: string, rewrite: boolean): Promise<Tidied> {
  await vacuum(link, schema, rewrite).catch(error => {
    throw toUnavailable(error);
  });
  const [row] = await link.query(
    "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r'",
    [schema],
  );
  return {isClean: rewrite, bytes: Number(row?.bytes ?? 0)};
}

async function vacuum(link: Pick<Link, 'query'>, schema: string, rewrite: boolean): Promise<void> {
  for (const table of tables) await link.query(`vacuum${rewrite ? ' full' : ''} ${schema}.${table}`);
}
