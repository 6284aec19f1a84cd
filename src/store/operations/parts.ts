import type {HeldPart, PartEvent} from '../../core/event.ts';
import * as partSql from '../sql-parts.ts';
import type {OverdueGroup} from '../store.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {copyWindowMs} from './accept-inbound.ts';
import {holdGroup} from './hold.ts';

export interface PartRow extends HeldPart {
  carrier: string;
  part_group: string;
  from_address: string;
  to_address: string;
  fingerprint: string;
  received_at: number;
}

type Held = {result: 'held' | 'duplicate'} | {result: 'complete'; parts: HeldPart[]; receivedAt: number};

/**
 * A part counts as a copy by its bytes, not by its number: a phone that uses a reference again soon has begun another text,
 * and what was held under it is put aside to be delivered as it is.
 */
export function* holdPart(db: Db, carrier: string, part: PartEvent): Work<Held> {
  const {group, fingerprint} = part;
  yield* holdGroup(db, carrier, group);
  const joined = yield* row(partSql.joinedPart, carrier, group, fingerprint, db.now - copyWindowMs);
  if (joined !== undefined) return {result: 'duplicate'};
  const held = yield* rows<PartRow>(partSql.partsOf, carrier, group);
  const same = held.find(other => other.part === part.part);
  if (same?.fingerprint === fingerprint) return isComplete(held) ? toComplete(db, held) : {result: 'duplicate'};
  if (same !== undefined) yield* run(partSql.renameGroup, carrier, group, `${toAside(group)}${db.now}#${fingerprint}`);
  yield* insert(db, carrier, part);
  const now = yield* rows<PartRow>(partSql.partsOf, carrier, group);
  return isComplete(now) ? toComplete(db, now) : {result: 'held'};
}

export function* overdueParts(db: Db, olderThanMs: number, limit: number): Work<OverdueGroup[]> {
  const groups = yield* rows<{carrier: string; part_group: string; received_at: number}>(
    partSql.overdueGroups,
    db.now - olderThanMs,
    limit,
  );
  const overdue: OverdueGroup[] = [];
  for (const {carrier, part_group: group, received_at: receivedAt} of groups) {
    const parts = yield* rows<PartRow>(partSql.partsOf, carrier, group);
    const [first] = parts;
    if (first === undefined) continue;
    const {from_address: from, to_address: to} = first;
    overdue.push({carrier, group, from, to, receivedAt, parts: parts.map(part => toHeldPart(db, part))});
  }
  return overdue;
}

/** The rows a text was joined from, wherever they stand by now. */
export function* joinedRows(
  db: Db,
  carrier: string,
  group: string,
  parts: readonly HeldPart[] | undefined,
): Work<PartRow[]> {
  const held = yield* rows<PartRow>(partSql.partsOf, carrier, group);
  if (parts === undefined) return held;
  const isJoined = (row: PartRow) => {
    const {part, body} = toHeldPart(db, row);
    return parts.some(joined => joined.part === part && joined.body === body);
  };
  const found = held.filter(isJoined);
  if (found.length >= parts.length) return found;
  const name = toAside(group);
  const aside = yield* rows<PartRow>(partSql.partsAside, carrier, name, name.length);
  return [...found, ...aside.filter(isJoined)];
}

/** How the names of groups begin whose reference was used again. */
function toAside(group: string): string {
  return `${group}#`;
}

function isComplete(parts: readonly PartRow[]): boolean {
  return parts.length > 0 && parts.length === parts[0]?.total;
}

function toComplete(db: Db, parts: readonly PartRow[]): Held {
  return {
    result: 'complete',
    parts: parts.map(part => toHeldPart(db, part)),
    receivedAt: Math.min(...parts.map(part => part.received_at)),
  };
}

export function toHeldPart({vault}: Db, {part, total, body, coding, fingerprint}: PartRow): HeldPart {
  return {part, total, body: vault.open(body, toOwner(part, fingerprint)), coding};
}

/** A group may be renamed, its parts stay. */
function toOwner(part: number, fingerprint: string): string {
  return `part ${part} ${fingerprint}`;
}

function* insert(db: Db, carrier: string, part: PartEvent): Work<void> {
  const {group, part: number, total, from, to, body, coding, fingerprint, receivedAt} = part;
  const sealed = db.vault.seal(body, toOwner(number, fingerprint));
  const content = [number, total, from, to, sealed, coding, fingerprint, receivedAt];
  yield* run(partSql.insertPart, carrier, group, ...content, db.now);
}
