import type {AddressInfo} from 'node:net';
import Router from '@koa/router';
import type {ExecutionContext} from 'ava';
import Koa from 'koa';
import type {Carrier, CarrierContext, CarrierEvents, SenderTrouble, Submission} from '../../../src/carriers/carrier.ts';
import {twilio} from '../../../src/carriers/twilio/index.ts';
import type {CarrierEntry} from '../../../src/core/channel.ts';
import type {InboundEvent, ReceiptEvent} from '../../../src/core/event.ts';
import {Refusal} from '../../../src/core/refusal.ts';
import {createPretendTwilio, type PretendTwilio} from '../../../src/sandbox/twilio.ts';

/** A carrier between a pretend Twilio and a recorder of what it hands in. */

export const accountSid = `AC${'a'.repeat(32)}`;
export const authToken = 'token-one';
export const ours = '+15005550006';
export const phone = '+14155550123';

export interface Stage {
  carrier: Carrier;
  pretend: PretendTwilio;
  inbound: InboundEvent[];
  receipts: ReceiptEvent[];
  troubles: SenderTrouble[];
  log: string[];
  publicUrl: string;
  clock: {now: number};
  ready: {count: number};
}

export interface StageOptions {
  settings?: Record<string, unknown>;
  events?: Partial<CarrierEvents>;
  statusDelayMs?: number;
  /** Another stage's. */
  pretend?: PretendTwilio;
  realClock?: boolean;
  addresses?: string[];
  entries?: CarrierEntry[];
  toMediaLink?: CarrierContext['toMediaLink'];
}

export async function stage(t: ExecutionContext, options: StageOptions = {}): Promise<Stage> {
  const {statusDelayMs = 1} = options;
  const pretend = options.pretend ?? (await createPretendTwilio({accountSid, authToken, statusDelayMs}));
  t.teardown(() => pretend.stop());
  const {server, mount, publicUrl} = await listen();
  t.teardown(() => void server.close());
  const inbound: InboundEvent[] = [];
  const receipts: ReceiptEvent[] = [];
  const troubles: SenderTrouble[] = [];
  const log: string[] = [];
  const clock = {now: 1_700_000_000_000};
  const ready = {count: 0};
  const context: CarrierContext = {
    name: 'main',
    log: toLog(log),
    publicUrl,
    now: () => (options.realClock === true ? Date.now() : clock.now),
    noise: () => 0.5,
    newId: () => 'id',
    ...(options.addresses === undefined ? {} : {addresses: () => options.addresses ?? []}),
    ...(options.entries === undefined ? {} : {entries: () => options.entries ?? []}),
    ...(options.toMediaLink === undefined ? {} : {toMediaLink: options.toMediaLink}),
    events: {
      inbound: async event => {
        inbound.push(event);
        return 'stored';
      },
      part: async () => 'held',
      receipt: async event => {
        receipts.push(event);
        return 'matched';
      },
      late: async () => {},
      answered: () => {},
      troubled: async trouble => void troubles.push(trouble),
      ready: () => {
        ready.count += 1;
      },
      ...options.events,
    },
  };
  const settings = twilio.options.parse({
    accountSid,
    authTokens: [authToken],
    apiUrl: pretend.url,
    ...options.settings,
  });
  const carrier = twilio.create(settings, context);
  if (carrier.router !== undefined) mount(carrier.router);
  await carrier.start();
  t.teardown(() => carrier.stop());
  return {carrier, pretend, inbound, receipts, troubles, log, publicUrl, clock, ready};
}

export function submission(changes: Partial<Submission> & {text?: string; to?: string} = {}): Submission {
  const {text = 'Hello', to = phone, ...rest} = changes;
  return {
    outbound: {
      messageId: 'm-1',
      platform: 'acme',
      channel: 'c',
      from: ours,
      to,
      text,
      media: [],
      traceId: 'f'.repeat(32),
    },
    entry: {carrier: 'main', address: ours, senderMayChange: false, options: {}},
    priority: 'interactive',
    plan: {name: 'twilio', segments: 1},
    segment: 0,
    reference: 0,
    attempt: 1,
    sendWithinMs: 600_000,
    deliverWithinMs: 86_400_000,
    ...rest,
  };
}

/** Resolves when the condition holds; rejects with the title after ten seconds. */
export async function until(title: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Never came true: ${title}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

async function listen() {
  const app = new Koa();
  const router = new Router();
  app.silent = true;
  app.use(async (ctx, next) => {
    const chunks: Buffer[] = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    ctx.state.raw = Buffer.concat(chunks);
    try {
      await next();
    } catch (error) {
      const known = error instanceof Refusal;
      ctx.status = known ? error.status : 503;
      ctx.body = {error: {code: known ? error.code : 'unavailable', message: known ? error.message : 'Try again'}};
    }
  });
  app.use(router.routes());
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const {port} = server.address() as AddressInfo;
  return {
    server: {
      close() {
        server.closeAllConnections();
        server.close();
      },
    },
    publicUrl: `http://127.0.0.1:${port}`,
    mount(carriers: Router) {
      router.use('/twilio/main', carriers.routes());
    },
  };
}

function toLog(lines: string[]) {
  const write = (level: string) => (event: string, fields?: object) => {
    lines.push(`${level} ${event} ${JSON.stringify(fields ?? {})}`);
  };
  return {debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error')};
}
