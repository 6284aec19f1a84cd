import {outboundQueue} from '../../core/queue.ts';
import * as sql from '../sql.ts';
import type {NewOutbound} from '../store.ts';
import {type Db, run, type Work} from '../work.ts';
import {factsOf, insertOutbound} from './accept-outbound.ts';
import {addJob} from './add-job.ts';

/** Above every cycle: its receipt counts as told. */
const neverOwed = 2_147_483_647;

/**
 * A text of our own to a phone, in answer to an order. The platform knows nothing of it, so it is owed no receipt; it stands in no lane, for what
 * waits there may be what the order ends; and it is taken however full the queues are.
 */
export function* insertAnswer(db: Db, message: NewOutbound): Work<void> {
  const {platform, channel} = message.outbound;
  const facts = yield* factsOf(db, message);
  if (facts.isKnown) return;
  const seq = yield* insertOutbound(db, message, {...facts, priority: 'interactive'});
  yield* run(sql.setOwed, seq, neverOwed);
  yield* addJob(db, {
    message: seq,
    kind: 'outbound',
    queue: outboundQueue(platform, channel, message.carrier, 'interactive'),
    lane: null,
    priority: 'interactive',
    dueAt: db.now,
    expiresAt: db.now + message.expiresInMs,
  });
}
