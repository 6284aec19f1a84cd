import {outboundQueue} from '../../core/queue.ts';
import {toLane} from '../keys.ts';
import type {MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {endDeadLetter} from '../sql-people.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {addJob} from './add-job.ts';
import {addDeadLetter, addEvent} from './events.ts';
import {become} from './fold.ts';
import {lanePriority} from './lane.ts';
import {hasBody} from './payload.ts';

/** An `unknown` text of which something is still to be sent gets its job back, unless its time is over or its words are dropped. */
export function* resume(db: Db, message: MessageRow): Work<void> {
  if (message.expires_at <= db.now || !(yield* hasBody(message.seq))) {
    const reason = {code: 'MessageExpired', message: 'its time was over before all of it had left'} as const;
    yield* become(db, message, 'expired', {by: 'policy', reason, at: db.now});
    yield* addDeadLetter(db, message.seq, 'expired', `${reason.code}: ${reason.message}`);
    return;
  }
  yield* run(sql.setUnended, message.seq, 'sending', db.now, null);
  yield* run(endDeadLetter, message.seq);
  yield* addEvent(db, message.seq, 'resumed');
  yield* requeue(db, message, message.expires_at);
}

/** Back into its lane, where its message stands. */
export function* requeue(
  db: Db,
  message: MessageRow,
  expiresAt: number,
  // The clock may have been put back since.
  dueAt: number = Math.min(message.accepted_at, db.now),
): Work<void> {
  const {seq, platform, channel, phone, carrier} = message;
  const lane = toLane('outbound', platform, channel, phone);
  const priority = yield* lanePriority(db, lane, message.priority);
  const queue = outboundQueue(platform, channel, carrier, priority);
  const last = yield* row<{attempt: number | null}>(sql.lastAttempt, seq);
  const times = {dueAt, expiresAt, attempts: last?.attempt ?? 0};
  yield* addJob(db, {message: seq, kind: 'outbound', queue, lane, priority, ...times});
}
