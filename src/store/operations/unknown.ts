import {type MessageRow, type SegmentRow, toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, run, type Work} from '../work.ts';
import {refold} from './fold.ts';
import {endJob} from './lane.ts';
import {matchParked} from './receipt.ts';

/**
 * The segment may have left and nobody waits for its answer any more. Its lane goes on; receipts that fit nothing else may be its own. What was
 * told of the segments before may have ended the text.
 */
export function* markUnknown(db: Db, message: MessageRow, segment: SegmentRow, watchInMs: number): Work<void> {
  const {cycle, idx, carrier, started_at: startedAt} = segment;
  yield* endJob(db, toJobId(message.seq, 'outbound'));
  yield* run(sql.setSegment, message.seq, cycle, idx, 'unknown', db.now);
  yield* run(sql.setUnended, message.seq, 'unknown', db.now, db.now + watchInMs);
  if (message.segments !== 1) yield* refold(db, {...message, state: 'unknown'}, {by: 'carrier', at: db.now});
  yield* matchParked(db, carrier, {phone: message.phone, startedAt});
}
