import * as sql from '../sql.ts';
import {payloadBody, payloadRaw} from '../sql-people.ts';
import {type Db, row, run, type Work} from '../work.ts';

/** What people wrote, and the webhook it came in: all of a message that is sealed where a key is configured. */

interface Whose {
  seq: number;
  /** The message's id: a sealed value opens for its own message alone. */
  id: string;
}

/** @param body JSON of what has no column; null of what can't be read */
export function* keepPayload(
  {vault}: Db,
  {seq, id}: Whose,
  body: string | null,
  raw: string | null | undefined,
): Work<void> {
  yield* run(sql.insertPayload, seq, seal(vault, body, `${id} body`), seal(vault, raw, `${id} raw`));
}

/** Undefined once it is dropped. */
export function* bodyOf(db: Db, whose: Whose): Work<string | undefined> {
  const stored = yield* row<{body: string | null}>(payloadBody, whose.seq);
  return stored === undefined || stored.body === null ? undefined : openBody(db, whose, stored.body);
}

/** @param stored a body as it stands in its row */
export function openBody({vault}: Db, {id}: Whose, stored: string): string {
  return vault.open(stored, `${id} body`);
}

export function* hasBody(seq: number): Work<boolean> {
  const stored = yield* row<{body: string | null}>(payloadBody, seq);
  return stored !== undefined && stored.body !== null;
}

export function* rawOf({vault}: Db, {seq, id}: Whose): Work<string | undefined> {
  const stored = yield* row<{raw: string | null}>(payloadRaw, seq);
  return stored === undefined || stored.raw === null ? undefined : vault.open(stored.raw, `${id} raw`);
}

function seal(vault: Db['vault'], text: string | null | undefined, of: string): string | null {
  return text === null || text === undefined ? null : vault.seal(text, of);
}
