import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer, type TlsOptions} from 'node:tls';
import {createDeliveries} from './smsc/deliveries.ts';
import {createFaults, type Faults} from './smsc/faults.ts';
import type {Message} from './smsc/pdu.ts';
import {createPhones, type PhoneText} from './smsc/phones.ts';
import type {Stat} from './smsc/receipts.ts';
import {createSession, type Role, type Session} from './smsc/session.ts';
import {createSubmissions, type Submit} from './smsc/submissions.ts';
import {encodeFromPhone} from './smsc/text.ts';

export type {Submit} from './smsc/submissions.ts';

export interface PretendSmscOptions {
  systemId: string;
  password: string;
  host?: string;
  /** 0 (default): any free one. */
  port?: number;
  tls?: TlsOptions;
  /** Before a submission is answered. */
  latencyMs?: number;
  /** What receipts say; a function decides for each submission, undefined sends none. Default `delivered`. */
  receipts?: 'delivered' | 'failed' | 'expired' | 'none' | ((submit: Submit) => Stat | undefined);
  /** Default: eight hexadecimal digits, counted from 1. */
  newMessageId?: () => string;
  /** False: `submits` and `phones` stay empty, for load. */
  remember?: boolean;
  onEvent?(event: SmscEvent): void;
}

export type SmscEvent =
  | {event: 'bound' | 'closed'; session: number; role: Role | undefined}
  | {event: 'submit'; submit: Submit}
  | {event: 'receipt'; messageId: string; stat: Stat; answer: number}
  | {event: 'inbound'; from: string; to: string; answer: number};

export interface PretendSmsc {
  readonly host: string;
  readonly port: number;
  readonly submits: readonly Submit[];
  /** What handsets show: texts whose parts have all come. */
  readonly phones: readonly PhoneText[];
  readonly faults: Faults;
  /** Resolves with the command_status each part was answered with. Kept until a session can take it. */
  sendFromPhone(text: {from: string; to: string; text: string; reference?: number}): Promise<number[]>;
  /** Any deliver_sm. */
  deliver(message: Partial<Message>): Promise<number>;
  /** Bound ones. */
  sessions(): readonly Session[];
  disconnectAll(): void;
  unbindAll(): void;
  stop(): Promise<void>;
}

const invalidPassword = 0x0e;
const invalidSystemId = 0x0f;
const stats = {delivered: 'DELIVRD', failed: 'UNDELIV', expired: 'EXPIRED', none: undefined} as const;

/** An SMSC with handsets behind it, on a real socket: for the sandbox, tests and benches. */
export async function createPretendSmsc(options: PretendSmscOptions): Promise<PretendSmsc> {
  const {host = '127.0.0.1', receipts = 'delivered', onEvent} = options;
  const faults = createFaults();
  const phones = createPhones();
  const connected = new Set<Session>();
  const deliveries = createDeliveries(receivers);
  const timers = new Set<NodeJS.Timeout>();
  const submissions = createSubmissions({
    faults,
    phones,
    deliveries,
    latencyMs: options.latencyMs ?? 0,
    remember: options.remember ?? true,
    newMessageId: options.newMessageId ?? countedId,
    now: () => performance.timeOrigin + performance.now(),
    toStat: typeof receipts === 'function' ? receipts : () => stats[receipts],
    after,
    onSubmit: submit => onEvent?.({event: 'submit', submit}),
    onReceipt: (messageId, stat, answer) => onEvent?.({event: 'receipt', messageId, stat, answer}),
  });
  let connections = 0;
  let ids = 0;
  let references = 0;

  const server: Server = options.tls === undefined ? createServer(onSocket) : createTlsServer(options.tls, onSocket);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });

  return {
    host,
    port: (server.address() as AddressInfo).port,
    submits: submissions.all,
    phones: phones.texts,
    faults,
    sendFromPhone,
    deliver,
    sessions: () => [...connected].filter(session => session.role !== undefined),
    disconnectAll() {
      for (const session of connected) session.destroy();
    },
    unbindAll() {
      for (const session of connected) session.unbind();
    },
    stop,
  };

  function onSocket(socket: Socket): void {
    connections += 1;
    const session = createSession({
      id: connections,
      socket,
      authenticate,
      onBound(bound) {
        onEvent?.({event: 'bound', session: bound.id, role: bound.role});
        deliveries.flush();
      },
      onSubmit: submissions.take,
      onClose(closed) {
        connected.delete(closed);
        onEvent?.({event: 'closed', session: closed.id, role: closed.role});
      },
    });
    connected.add(session);
  }

  function authenticate(systemId: string, password: string): number {
    if (faults.refuseBinds !== undefined) return faults.refuseBinds;
    if (systemId !== options.systemId) return invalidSystemId;
    return password === options.password ? 0 : invalidPassword;
  }

  function receivers(): Session[] {
    return [...connected].filter(session => session.role === 'transceiver' || session.role === 'receiver');
  }

  function countedId(): string {
    ids += 1;
    return ids.toString(16).padStart(8, '0');
  }

  function sendFromPhone({from, to, text, reference}: {from: string; to: string; text: string; reference?: number}) {
    references += 1;
    const parts = encodeFromPhone(text, reference ?? references);
    return Promise.all(
      parts.map(({dataCoding, esmClass, bytes}) =>
        deliver({
          source: from.replace(/^\+/, ''),
          destination: to.replace(/^\+/, ''),
          dataCoding,
          esmClass,
          shortMessage: bytes,
        }),
      ),
    );
  }

  function deliver(message: Partial<Message>): Promise<number> {
    const {source: from = '', destination: to = ''} = message;
    return new Promise(resolve => {
      const answered = (answer: number) => {
        onEvent?.({event: 'inbound', from, to, answer});
        resolve(answer);
      };
      deliveries.add({message, avoid: undefined, insist: false, answered});
    });
  }

  function after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  async function stop(): Promise<void> {
    for (const timer of timers) clearTimeout(timer);
    deliveries.stop();
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    for (const session of connected) session.destroy();
    await closed;
  }
}
