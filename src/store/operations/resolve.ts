import type {MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
import * as peopleSql from '../sql-people.ts';
import type {NewAudit, Resolution, Watched} from '../store.ts';
import {type Db, rows, run, type Work} from '../work.ts';
import {auditIf} from './audit.ts';
import {addDeadLetter, addEvent, addEvents} from './events.ts';
import {become, refold} from './fold.ts';
import {heldById} from './hold.ts';
import {late} from './late.ts';
import {oweReceipt} from './owe.ts';
import {hasBody} from './payload.ts';
import {requeue} from './resume.ts';

/** A watch nobody resolved (the process ended) comes again. */
const watchAgainMs = 600_000;

const unknownText = 'it is not known whether the text was sent';

export function* dueWatches(db: Db, limit: number): Work<Watched[]> {
  const due = yield* rows<MessageRow>(sql.dueWatches, db.now, limit);
  for (const {seq} of due) yield* run(sql.setWatch, seq, db.now + watchAgainMs);
  return due.map(({id: messageId, platform, channel, carrier, state, state_at: since}) => ({
    messageId,
    platform,
    channel,
    carrier,
    state: state === 'unknown' ? state : 'sent',
    since,
  }));
}

export function* resolve(db: Db, resolution: Resolution, entry?: NewAudit): Work<boolean> {
  const resolved = yield* resolveOne(db, resolution);
  yield* auditIf(db, entry, resolved);
  return resolved;
}

function* resolveOne(db: Db, resolution: Resolution): Work<boolean> {
  const message = yield* heldById(db, resolution.messageId);
  if (message === undefined || message.direction !== 'outbound') return false;
  if (!applies(message, resolution)) return false;
  // A job without its text would hold up its whole queue.
  if (resolution.to === 'requeue' && !(yield* hasBody(message.seq))) return false;
  yield* addEvents(db, message.seq, resolution.events);
  return yield* decide(db, message, resolution);
}

function applies({state}: MessageRow, {to, was}: Resolution): boolean {
  if (was !== undefined && state !== was) return false;
  if (to === 'late') return true;
  if (to === 'requeue' || to === 'sent') return state === 'unknown';
  return state === 'unknown' || state === 'sent';
}

function* decide(db: Db, message: MessageRow, resolution: Resolution): Work<boolean> {
  switch (resolution.to) {
    case 'hold':
      yield* run(sql.setWatch, message.seq, db.now + resolution.watchInMs);
      yield* bury(db, message, resolution.deadLetter, unknownText);
      return true;
    case 'requeue':
      return yield* sendAgain(db, message);
    case 'sent':
      return yield* takeAsSent(db, message, resolution.receiptWithinMs);
    case 'failed': {
      const {reason, deadLetter} = resolution;
      yield* bury(db, message, deadLetter, `${reason.code}: ${reason.message}`);
      return yield* become(db, message, 'failed', {by: 'policy', reason, at: db.now});
    }
    case 'quiet':
      return yield* giveUpWaiting(db, message, resolution);
    case 'late':
      return yield* late(db, message, resolution);
  }
}

function* bury(db: Db, message: MessageRow, deadLetter: string | undefined, detail: string): Work<void> {
  if (deadLetter !== undefined) yield* addDeadLetter(db, message.seq, deadLetter, detail);
}

function* sendAgain(db: Db, message: MessageRow): Work<boolean> {
  yield* run(peopleSql.retryUnknownSegments, message.seq, message.cycle, db.now);
  yield* run(sql.setUnended, message.seq, 'sending', db.now, null);
  yield* run(peopleSql.deleteDeadLetter, message.seq);
  yield* requeue(db, message, message.expires_at);
  return true;
}

function* takeAsSent(db: Db, message: MessageRow, receiptWithinMs: number): Work<boolean> {
  yield* run(peopleSql.takeUnknownSegments, message.seq, message.cycle, db.now);
  yield* run(peopleSql.deleteDeadLetter, message.seq);
  yield* refold(db, message, {by: 'policy', at: db.now, receiptWithinMs});
  return true;
}

function* giveUpWaiting(
  db: Db,
  message: MessageRow,
  {tell, reason, deadLetter}: Extract<Resolution, {to: 'quiet'}>,
): Work<boolean> {
  yield* bury(db, message, deadLetter, unknownText);
  yield* run(sql.setEnded, message.seq, db.now);
  yield* addEvent(db, message.seq, 'no_receipt', tell === undefined ? undefined : {told: tell});
  if (tell === undefined) return true;
  const status = tell === 'delivered' ? 'Delivered' : 'Failed';
  yield* oweReceipt(db, message, {status, final: true, reasons: reason === undefined ? [] : [reason], at: db.now});
  return true;
}
