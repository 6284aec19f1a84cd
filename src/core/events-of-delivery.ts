import type {CatalogueEntry} from './operational-event.ts';

/** Of the relay and its store: what is claimed, sent, posted, settled. */
export const eventsOfDelivery: readonly CatalogueEntry[] = [
  {
    code: 'queue.parked',
    severity: 'critical',
    sentence: 'The far side takes nothing of this channel and kind (401, 403, 404, 405, a refused sender).',
    whatToDo:
      'Mend the secret, path or account the reason names. Everything waits in order, one is tried every 30 s (of posts to a platform up to ten), and when one passes all of it goes; a post that is refused alone for five minutes is a dead letter.',
  },
  {
    code: 'queue.park_failed',
    severity: 'critical',
    sentence: 'A queue should be parked and the store could not write it down.',
    whatToDo: "See to the store's disk or database; the queue is parked at its next failure.",
  },
  {
    code: 'queue.paused',
    severity: 'notice',
    sentence: 'A person paused queues.',
    whatToDo: 'Nothing, or resume them when the reason is gone.',
  },
  {
    code: 'queue.draining',
    severity: 'notice',
    sentence: 'A person drains queues: texts of platforms are refused, or a carrier is given nothing more.',
    whatToDo: 'Nothing, or resume them when the reason is gone.',
  },
  {
    code: 'queue.resumed',
    severity: 'notice',
    sentence: 'A person resumed queues that were paused or drained.',
    whatToDo: 'Nothing.',
  },
  {
    code: 'queue.purged',
    severity: 'notice',
    sentence: 'A person ended waiting texts as failed.',
    whatToDo: 'Nothing; the platform was told of each text.',
  },
  {
    code: 'delivery.claim_failed',
    severity: 'critical',
    sentence: 'Work could not be claimed from the store.',
    whatToDo: "See to the store's disk or database; it is tried again every second.",
  },
  {
    code: 'delivery.start_failed',
    severity: 'critical',
    sentence: 'A send could not be written down before it began, so it was not sent.',
    whatToDo: "See to the store's disk or database; the text goes back to its queue.",
  },
  {
    code: 'delivery.settle_failed',
    severity: 'critical',
    sentence: 'What came of a send could not be written down.',
    whatToDo: "See to the store's disk or database at once: a text whose outcome is lost becomes unknown.",
  },
  {
    code: 'delivery.failover',
    severity: 'warning',
    sentence: "Texts moved to the channel's next carrier.",
    whatToDo: 'Look at the first carrier: it had no usable link for failoverAfter, or refuses our account.',
  },
  {
    code: 'breaker.open',
    severity: 'critical',
    sentence:
      'A carrier account, or a channel’s URL at a platform, fails again and again: it rests, one is tried now and then.',
    whatToDo: 'Look at the far side and the way to it; everything waits in order, or moves to the next carrier.',
  },
  {code: 'breaker.closed', severity: 'notice', sentence: 'What rested works again.', whatToDo: 'Nothing.'},
  {
    code: 'gates.refresh_failed',
    severity: 'warning',
    sentence: 'What is paused and parked could not be read.',
    whatToDo: "See to the store's disk or database; what was known last holds until then.",
  },
  {
    code: 'send.expired',
    severity: 'warning',
    sentence: 'A text was not sent within sendWithin and failed with MessageExpired.',
    whatToDo: 'Look at why its queue waited: carrier down, pace too low, queue paused.',
  },
  {
    code: 'send.fault',
    severity: 'critical',
    sentence: 'The gateway itself failed while sending; the text is unknown.',
    whatToDo: 'Report it with the lines around; settle the text by its history.',
  },
  {
    code: 'send.late',
    severity: 'notice',
    sentence: 'A carrier answered after its time was over; the answer was taken as evidence.',
    whatToDo: 'Nothing once. Often: the carrier is slow; raise its response time-out or ask it.',
  },
  {
    code: 'post.fault',
    severity: 'critical',
    sentence: 'The gateway itself failed while posting; it is posted again with the same id.',
    whatToDo: 'Report it with the lines around.',
  },
  {
    code: 'watch.requeue',
    severity: 'notice',
    sentence: 'A text of unknown fate is sent again, as its channel wants (unknown: retry).',
    whatToDo: 'Nothing; the phone may show it twice.',
  },
  {
    code: 'watch.failed',
    severity: 'warning',
    sentence: 'A text of unknown fate was given up, as its channel wants (unknown: fail).',
    whatToDo: 'Look at its dead letter; the platform was told Failed.',
  },
  {
    code: 'watch.quiet',
    severity: 'notice',
    sentence: 'No receipt came in the time the channel gives, or an unknown text was held to its end.',
    whatToDo: 'Often: ask the carrier why receipts are missing.',
  },
  {
    code: 'consent.unread',
    severity: 'critical',
    sentence: 'Whether a phone may be written to could not be read, so the text was not sent.',
    whatToDo: "See to the store's disk or database; the text goes back to its queue.",
  },
  {
    code: 'consent.purge_failed',
    severity: 'warning',
    sentence: 'Waiting texts to a phone that opted out could not be ended at once.',
    whatToDo: "See to the store's disk or database; none of them is sent, each fails when its turn comes.",
  },
  {
    code: 'upkeep.failed',
    severity: 'critical',
    sentence: 'A regular task (expiry, watches, parts, retention) failed.',
    whatToDo: "See to the store's disk or database; the task comes again by itself.",
  },
];
