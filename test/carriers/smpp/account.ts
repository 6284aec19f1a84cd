import type {ExecutionContext} from 'ava';
import type {Carrier, CarrierEvents, LinkLeases, Submission} from '../../../src/carriers/carrier.ts';
import {smpp} from '../../../src/carriers/smpp/index.ts';
import type {CarrierEntry} from '../../../src/core/channel.ts';
import type {InboundEvent, LateEvent, PartEvent, ReceiptEvent} from '../../../src/core/event.ts';
import type {LogFields} from '../../../src/core/log.ts';
import type {Outbound} from '../../../src/core/message.ts';
import type {Outcome} from '../../../src/core/outcome.ts';
import {createPretendSmsc, type PretendSmsc, type PretendSmscOptions} from '../../../src/sandbox/smsc.ts';
import {until} from '../../helpers/until.ts';

export const credentials = {systemId: 'acme', password: 'secret'};
export const ourNumber = '+16504661149';
export const phone = '+14155550123';

/** What the carrier handed in. */
export interface Seen {
  inbound: InboundEvent[];
  parts: PartEvent[];
  receipts: ReceiptEvent[];
  late: LateEvent[];
  answered: string[];
  logs: Array<{level: string; event: string; fields: LogFields}>;
}

export interface Account {
  carrier: Carrier;
  seen: Seen;
  /** Sends every segment of a text, one after the other, as the relay does. */
  sendText(text: string, changes?: Partial<Outbound>): Promise<Outcome[]>;
  sendSegment(text: string, segment?: number, changes?: Partial<Submission>): Promise<Outcome>;
}

export const quick = {reconnectFirst: '40ms', reconnectMax: '200ms', stopGrace: '500ms'};
export const entry: CarrierEntry = {carrier: 'smsc-a', address: ourNumber, senderMayChange: false, options: {}};

/** A carrier against a peer on loopback, stopped with the test. */
export function openAccount(
  t: ExecutionContext,
  options: Record<string, unknown>,
  events: Partial<CarrierEvents> = {},
  links?: LinkLeases,
): Account {
  const seen: Seen = {inbound: [], parts: [], receipts: [], late: [], answered: [], logs: []};
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void seen.logs.push({level, event, fields});
  let messages = 0;
  const carrier = smpp.create(smpp.options.parse({...credentials, tls: false, ...quick, ...options}), {
    name: 'smsc-a',
    log: {debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error')},
    publicUrl: undefined,
    ...(links && {links}),
    addresses: () => [ourNumber],
    now: Date.now,
    noise: () => 0.5,
    newId: () => 'id',
    events: {
      async inbound(event) {
        seen.inbound.push(event);
        return 'stored';
      },
      async part(event) {
        seen.parts.push(event);
        return 'held';
      },
      async receipt(event) {
        seen.receipts.push(event);
        return 'matched';
      },
      async late(event) {
        seen.late.push(event);
      },
      answered: fingerprint => void seen.answered.push(fingerprint),
      ready() {},
      troubled: async () => {},
      ...events,
    },
  });
  t.teardown(() => carrier.stop());
  return {carrier, seen, sendText, sendSegment};

  async function sendText(text: string, changes: Partial<Outbound> = {}): Promise<Outcome[]> {
    messages += 1;
    const outbound = toOutbound(text, {messageId: `m${messages}`, ...changes});
    const plan = carrier.plan(outbound, entry);
    if ('kind' in plan) return [plan];
    const outcomes: Outcome[] = [];
    for (let segment = 0; segment < plan.segments; segment += 1) {
      outcomes.push(await sendSegment(text, segment, {outbound, attempt: segment + 1}));
      if (outcomes.at(-1)?.kind !== 'taken') break;
    }
    return outcomes;
  }

  async function sendSegment(text: string, segment = 0, changes: Partial<Submission> = {}): Promise<Outcome> {
    messages += 1;
    const outbound = changes.outbound ?? toOutbound(text, {messageId: `m${messages}`});
    const plan = carrier.plan(outbound, entry);
    if ('kind' in plan) return plan;
    return carrier.send({
      outbound,
      entry,
      priority: 'interactive',
      plan,
      segment,
      reference: 7,
      attempt: 1,
      sendWithinMs: 60_000,
      deliverWithinMs: 86_400_000,
      ...changes,
    });
  }
}

export function toOutbound(text: string, changes: Partial<Outbound> = {}): Outbound {
  return {
    messageId: 'm1',
    platform: 'acme',
    channel: '16504661149',
    from: ourNumber,
    to: phone,
    text,
    media: [],
    traceId: '0'.repeat(32),
    ...changes,
  };
}

export async function openSmsc(t: ExecutionContext, options: Partial<PretendSmscOptions> = {}): Promise<PretendSmsc> {
  const smsc = await createPretendSmsc({...credentials, ...options});
  t.teardown(() => smsc.stop());
  return smsc;
}

/** A pretend SMSC and a carrier bound to it. */
export async function withAccount(
  t: ExecutionContext,
  options: Record<string, unknown> = {},
  smscOptions: Partial<PretendSmscOptions> = {},
  events: Partial<CarrierEvents> = {},
): Promise<Account & {smsc: PretendSmsc}> {
  const smsc = await openSmsc(t, smscOptions);
  const account = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, ...options}, events);
  await account.carrier.start();
  await untilBound(account.carrier);
  return {...account, smsc};
}

export async function untilBound(carrier: Carrier): Promise<void> {
  await until('every bind to be up', () => carrier.status().links.every(link => link.state === 'bound'));
}
