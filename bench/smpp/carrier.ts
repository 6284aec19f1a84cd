import {workerData} from 'node:worker_threads';
import {smpp} from '../../src/carriers/smpp/index.ts';
import type {Job} from '../smpp.ts';
import {measure, text} from './measure.ts';

/** The carrier as the relay drives it: plan, send, outcome; receipts through its events. */
const job: Job = workerData;
const up = Promise.withResolvers<void>();
let receipts = 0;
const log = {debug() {}, info() {}, warn() {}, error() {}};
const carrier = smpp.create(
  smpp.options.parse({
    host: '127.0.0.1',
    port: job.port,
    tls: false,
    systemId: 'bench',
    password: 'bench',
    binds: 1,
    window: job.window,
    receipts: job.receipts ? 'all' : 'none',
  }),
  {
    name: 'bench',
    log,
    publicUrl: undefined,
    now: Date.now,
    noise: Math.random,
    newId: () => '',
    events: {
      inbound: async () => 'stored',
      part: async () => 'held',
      async receipt() {
        receipts += 1;
        return 'matched';
      },
      late: async () => {},
      answered() {},
      troubled: async () => {},
      ready: () => up.resolve(),
    },
  },
);
await carrier.start();
await up.promise;
const entry = {carrier: 'bench', address: '+16504661149', senderMayChange: false, options: {}};
let messages = 0;

await measure(job, send, () => receipts);

async function send(): Promise<void> {
  messages += 1;
  const outbound = {
    messageId: `m${messages}`,
    platform: 'acme',
    channel: 'c1',
    from: '+16504661149',
    to: '+14155550123',
    text,
    media: [],
    traceId: '',
  };
  const plan = carrier.plan(outbound, entry);
  if (!('segments' in plan)) throw new Error(plan.reason.message);
  const outcome = await carrier.send({
    outbound,
    entry,
    priority: 'bulk',
    plan,
    segment: 0,
    reference: 1,
    attempt: 1,
    sendWithinMs: 60_000,
    deliverWithinMs: 86_400_000,
  });
  if (outcome.kind !== 'taken') throw new Error(outcome.reason.message);
}
