import type {CarrierContext, LinkStatus} from '../../carrier.ts';
import {type Fields, numberField, type Pdu} from '../codec.ts';
import {createLatencies} from '../latencies.ts';
import type {Settings} from '../settings.ts';
import {describeStatus, isCredentialsRefusal, isSessionFault} from '../status.ts';
import {toAllowedWindow, toReconnectDelayMs, toRefusedDelayMs} from '../timers.ts';
import type {Reply} from './in-flight.ts';
import {type End, openSession, type Role, type Session, type SessionOptions} from './session.ts';

export interface BindOptions {
  /** `smsc-a/2`. */
  name: string;
  role: Role;
  settings: Settings;
  context: Pick<CarrierContext, 'log' | 'now' | 'noise'>;
  far: Pick<SessionOptions, 'onDelivery' | 'onOutbind'>;
  /** There may be room for another submission, or a link has gone; `grown` when one has come. */
  onRoom(grown: boolean): void;
}

/** One bind for the life of the carrier: each try is a fresh session, and one that ended is never heard again. */
export interface Bind {
  readonly name: string;
  readonly role: Role;
  start(): void;
  stop(): Promise<void>;
  /** False: it is not waiting for its next try, or was refused and must wait. */
  hurry(): boolean;
  /** Bound and allowed to send. */
  isUsable(): boolean;
  window(): number;
  used(): number;
  /** Submissions it takes now. */
  room(): number;
  submit(fields: Fields, late: (pdu: Pdu) => void): Promise<Reply>;
  query(fields: Fields): Promise<Reply>;
  /** The number of the present bound session: what was begun in one can tell whether it still lives. */
  generation(): number | undefined;
  status(): LinkStatus;
}

/** Longest pause before the next host of the list. */
const nextHostMs = 100;

export function createBind(options: BindOptions): Bind {
  const {name, role, settings, context} = options;
  const {log, now, noise} = context;
  const latencies = createLatencies();
  let session: Session | undefined;
  let bound = false;
  let stopped = false;
  let generation = 0;
  let failures = 0;
  let hostIndex = 0;
  let allowed = settings.window;
  let state = 'idle';
  let since = now();
  let timer: NodeJS.Timeout | undefined;

  return {
    name,
    role,
    start: connect,
    stop,
    hurry,
    isUsable,
    window: () => (isUsable() ? allowed : 0),
    used: () => session?.inFlight() ?? 0,
    room,
    submit,
    query: fields => ask('query_sm', fields, () => {}),
    generation: () => (bound ? generation : undefined),
    status,
  };

  /** An SMSC that has begun to unbind takes no more, though it may still answer. */
  function isUsable(): boolean {
    return role !== 'receiver' && session?.isOpen() === true;
  }

  function room(): number {
    if (session === undefined || !isUsable() || session.isCongested()) return 0;
    return Math.max(0, allowed - session.inFlight());
  }

  async function submit(fields: Fields, late: (pdu: Pdu) => void): Promise<Reply> {
    const sent = session;
    const reply = await ask('submit_sm', fields, late);
    if (reply.kind === 'response' && sent !== undefined) learn(sent, reply.pdu, reply.latencyMs);
    return reply;
  }

  async function ask(command: string, fields: Fields, late: (pdu: Pdu) => void): Promise<Reply> {
    if (session === undefined) return {kind: 'cut', left: false};
    const reply = await session.ask(command, fields, late);
    options.onRoom(false);
    return reply;
  }

  function learn(sent: Session, pdu: Pdu, latencyMs: number): void {
    latencies.add(latencyMs);
    allowed = toAllowedWindow(allowed, settings.window, numberField(pdu.fields, 'congestion_state'));
    if (isSessionFault(pdu.status))
      sent.destroy(`the SMSC says it is not bound: ${describeStatus(pdu.status, settings.codes)}`);
  }

  function connect(): void {
    if (stopped) return;
    const address = settings.hosts[hostIndex % settings.hosts.length];
    if (address === undefined) return;
    generation += 1;
    become('connecting');
    session = openSession({
      ...settings.session,
      link: {...settings.link, ...address},
      role,
      bindFields: settings.bindFields,
      log,
      onBound: ({systemId, interfaceVersion}) => {
        bound = true;
        failures = 0;
        become('bound');
        log.info('bind.up', {bind: name, ...address, smsc: systemId, interfaceVersion});
        options.onRoom(true);
      },
      ...options.far,
      onRoom: () => options.onRoom(false),
      onEnd: end => onEnd(end, address),
    });
  }

  function hurry(): boolean {
    if (stopped || session !== undefined || !state.startsWith('waiting')) return false;
    clearTimeout(timer);
    connect();
    return true;
  }

  function onEnd(end: End, address: {host: string; port: number}): void {
    session = undefined;
    bound = false;
    if (stopped) return;
    if (end.wasBound) failures = 0;
    else hostIndex += 1;
    const delayMs = toDelayMs(end);
    failures += 1;
    tell(end, address, delayMs);
    timer = setTimeout(connect, delayMs);
    options.onRoom(false);
  }

  /** Another host of the account is asked at once; once all have failed, the wait grows. */
  function toDelayMs({refusal, wasBound}: End): number {
    if (refusal !== undefined && isCredentialsRefusal(refusal)) return toRefusedDelayMs(settings.reconnect, noise());
    if (!wasBound && (failures + 1) % settings.hosts.length !== 0) return Math.round(noise() * nextHostMs);
    return toReconnectDelayMs(settings.reconnect, Math.floor(failures / settings.hosts.length), noise());
  }

  function tell(end: End, address: {host: string; port: number}, retryInMs: number): void {
    const fields = {bind: name, ...address, retryInMs};
    if (end.refusal !== undefined) {
      const why = describeStatus(end.refusal, settings.codes);
      become(`refused: ${why}`);
      const advice = isCredentialsRefusal(end.refusal)
        ? 'check systemId, password and systemType'
        : 'ask the SMSC operator';
      log.error('bind.refused', {...fields, why, advice});
      return;
    }
    become(`waiting: ${end.why}`);
    if (end.wasBound) log.warn('bind.lost', {...fields, why: end.why});
    else log.warn('bind.failed', {...fields, why: end.why});
  }

  async function stop(): Promise<void> {
    stopped = true;
    clearTimeout(timer);
    bound = false;
    become('stopping');
    await session?.close(settings.stopGraceMs);
    become('stopped');
  }

  function status(): LinkStatus {
    const responseMs = latencies.percentiles();
    return {
      name,
      state,
      since,
      detail: role,
      window: {size: isUsable() ? allowed : 0, used: session?.inFlight() ?? 0},
      ...(responseMs === undefined ? {} : {responseMs}),
    };
  }

  function become(next: string): void {
    state = next;
    since = now();
  }
}
