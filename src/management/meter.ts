import {Counter, Histogram, type HistogramConfiguration, type Registry} from 'prom-client';
import type {Meter} from '../core/meter.ts';
import type {Activity} from './activity.ts';

const prefix = 'nexus_gateway_';
/** From a commit on a fast disk to a receipt a phone gives when it is switched on again. */
const quickSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slowSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400];
const groupSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** Counts what the meter is told into metrics, and into the minutes people see. */
export function createMeter(registry: Registry, activity: Activity): Meter {
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    gather({name: `${prefix}${name}`, help, labelNames, buckets, registers: [registry]});
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({name: `${prefix}${name}`, help, labelNames, registers: [registry]});

  const http = histogram(
    'http_answer_seconds',
    'Answers of the public port, by route and status.',
    ['route', 'status'],
    quickSeconds,
  );
  const accepted = counter(
    'accepted_total',
    'Texts stored, or known already, or kept as unreadable; unavailable: answered 503, for the queue was full or nothing could be stored.',
    ['direction', 'platform', 'result'],
  );
  const wait = histogram(
    'accepted_to_submitted_seconds',
    'From the webhook to the first segment leaving.',
    ['carrier', 'priority'],
    slowSeconds,
  );
  const response = histogram(
    'submit_to_response_seconds',
    'From a segment leaving to its answer.',
    ['carrier', 'outcome'],
    quickSeconds,
  );
  const receipts = counter('carrier_receipts_total', 'Receipts of carriers, by what was found for them.', [
    'carrier',
    'state',
    'result',
  ]);
  const ended = counter(
    'ended_badly_total',
    'Texts that ended without a receipt of the carrier: refused, given up, expired.',
    ['carrier', 'state'],
  );
  const guarded = counter('guarded_total', 'Texts that a guard of their channel refused, or made wait for its hours.', [
    'platform',
    'guard',
  ]);
  const post = histogram(
    'post_seconds',
    'Posts to platforms, by outcome.',
    ['platform', 'kind', 'outcome'],
    quickSeconds,
  );
  const receiptWait = histogram(
    'submit_to_receipt_seconds',
    'From a segment leaving to the final receipt of the carrier.',
    ['platform'],
    slowSeconds,
  );
  const postWait = histogram(
    'receipt_to_posted_seconds',
    'From the final receipt of the carrier to the platform having it.',
    ['platform'],
    slowSeconds,
  );
  const inboundWait = histogram(
    'inbound_to_posted_seconds',
    'From a text of a phone to the platform having it.',
    ['platform'],
    slowSeconds,
  );
  const commit = histogram('store_commit_seconds', 'One group of calls written and synced.', [], quickSeconds);
  const group = histogram('store_group_calls', 'Calls that shared one commit.', [], groupSizes);

  return {
    answered: ({route, status, tookMs}) => http.observe({route, status}, tookMs / 1000),
    accepted({direction, platform, result}) {
      accepted.inc({direction, platform, result});
      if (direction === 'outbound' && result === 'stored') activity.add('accepted');
    },
    submitted: ({carrier, priority, sinceAcceptedMs}) =>
      wait.observe({carrier, priority}, Math.max(0, sinceAcceptedMs) / 1000),
    responded({carrier, outcome, tookMs}) {
      response.observe({carrier, outcome}, tookMs / 1000);
      activity.add(`${outcome} by ${carrier}`);
      if (outcome === 'taken') activity.add('sent');
    },
    receipted({carrier, state, result}) {
      receipts.inc({carrier, state, result});
      // A parked one came before the answer to its segment, and nearly always finds it.
      if (result === 'duplicate' || state === 'sent') return;
      activity.add(state === 'delivered' ? 'delivered' : 'failed');
    },
    ended({carrier, state}) {
      ended.inc({carrier, state});
      activity.add('failed');
    },
    guarded: ({platform, guard}) => guarded.inc({platform, guard}),
    posted({kind, platform, outcome, tookMs, sinceMs, submitToReceiptMs}) {
      post.observe({platform, kind, outcome}, tookMs / 1000);
      if (sinceMs !== undefined)
        (kind === 'receipt' ? postWait : inboundWait).observe({platform}, Math.max(0, sinceMs) / 1000);
      if (submitToReceiptMs !== undefined) receiptWait.observe({platform}, Math.max(0, submitToReceiptMs) / 1000);
    },
    committed({calls, tookMs}) {
      commit.observe({}, tookMs / 1000);
      group.observe({}, calls);
    },
  };
}

type Labels = Record<string, string | number>;

/** So many are held at most until they are counted. */
const mostGathered = 256;

/** A histogram whose observations are counted many at once, and before it is read: one by one, each amid other work, they cost several times more. */
function gather(configuration: HistogramConfiguration<string>) {
  const labels: Labels[] = [];
  const values: number[] = [];
  const histogram = new Histogram({...configuration, collect: count});

  function count(): void {
    for (let index = 0; index < values.length; index += 1) histogram.observe(labels[index] ?? {}, values[index] ?? 0);
    labels.length = 0;
    values.length = 0;
  }

  return {
    observe(of: Labels, value: number): void {
      labels.push(of);
      values.push(value);
      if (values.length >= mostGathered) count();
    },
  };
}
