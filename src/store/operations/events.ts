import {insertEvent, sameEvent} from '../sql.ts';
import {insertDeadLetter} from '../sql-people.ts';
import type {NewEvent} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';

export function* addEvent(db: Db, message: number, event: string, detail?: object): Work<void> {
  const told = detail === undefined ? null : JSON.stringify(detail);
  yield* run(insertEvent, message, db.ledger.nextEvent(), db.now, event, told);
}

export function* addEvents(db: Db, message: number, events: readonly NewEvent[]): Work<void> {
  for (const {event, detail} of events) yield* addEvent(db, message, event, detail);
}

export function* hasEvent(message: number, event: string, detail: object): Work<boolean> {
  return (yield* row(sameEvent, message, event, JSON.stringify(detail))) !== undefined;
}

export function* addDeadLetter(db: Db, message: number, reason: string, detail: string): Work<void> {
  yield* run(insertDeadLetter, message, reason, db.now, detail);
}
