import * as sql from '../sql-forget.ts';
import {type Db, rows, run, type Work} from '../work.ts';

/** What is evidence and tells nothing of the person; ids lead to texts, and a carrier's words may hold the number. */
const keptDetails: readonly string[] = ['word', 'by', 'carrier'];

/**
 * Its words about consent go on under a keyed hash: who is out stays out, and nobody can read who that is. Without a key what it has said since it was
 * ordered to be forgotten stays as it is.
 */
export function* forgetConsents({vault}: Db, phone: string, orderedAt: number): Work<void> {
  const words = yield* rows<{id: number; list: string; detail: string; at: number}>(sql.consentsNaming, phone);
  const events = yield* rows<{id: number; detail: string}>(sql.consentEventsNaming, phone);
  if (words.length === 0 && events.length === 0) return;
  const [name, ...earlier] = vault.namesOf(phone);
  if (name === undefined && words.every(({at}) => at >= orderedAt)) return;
  if (name === undefined) throw new Error('a phone on opt-out lists can be forgotten once privacy.phoneKeys has a key');
  for (const {id, list, detail} of words) {
    for (const older of [name, ...earlier]) yield* run(sql.dropConsent, list, older);
    yield* run(sql.renameConsent, id, name, toKept(detail));
  }
  for (const {id, detail} of events) yield* run(sql.renameConsentEvent, id, name, toKept(detail));
}

function toKept(detail: string): string {
  const all: Record<string, unknown> = JSON.parse(detail);
  return JSON.stringify(Object.fromEntries(Object.entries(all).filter(([name]) => keptDetails.includes(name))));
}
