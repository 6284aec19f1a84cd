import {parseQueueName, toQueueName} from '../../core/queue.ts';
import {toAsideLane} from '../keys.ts';
import type {JobRow, MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, run, type Work} from '../work.ts';
import {enterLane, internQueue, leaveLane, promote, queueName} from './lane.ts';

/**
 * A leased text waits for its hours in a lane beside its own, where those that wait keep their order: what comes for its phone goes on without it. It
 * is of its own class again, whatever hurried it.
 */
export function* standAside(db: Db, job: JobRow, message: MessageRow, dueAt: number): Work<void> {
  const {platform, channel, phone, priority} = message;
  const name = toQueueName({...parseQueueName(yield* queueName(db, job.queue)), priority});
  const queue = yield* internQueue(db, name);
  const lane = toAsideLane(platform, channel, phone);
  const isThere = job.lane === lane;
  const state = !isThere && (yield* enterLane(db, lane, job.id)) === 'behind' ? 'waiting' : 'ready';
  yield* run(sql.setJobAside, job.id, lane, state, dueAt, queue, priority);
  db.ledger.addWaiting(queue, 1);
  if (isThere) return;
  db.ledger.lanes.enter(lane);
  yield* promote(db, leaveLane(db, job));
}
