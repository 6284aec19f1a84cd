import type {LinkStatus} from '../../carrier.ts';
import {type Fields, numberField, type Pdu} from '../codec.ts';
import {createLatencies} from '../latencies.ts';
import {describeStatus, isCredentialsRefusal, isSessionFault} from '../status.ts';
import {toReconnectDelayMs, toRefusedDelayMs} from '../timers.ts';
import {createAllowance} from './allowance.ts';
import type {Bind, BindOptions} from './bind-options.ts';
import type {Reply} from './in-flight.ts';
import {type End, openSession, type Session} from './session.ts';

export type {Bind} from './bind-options.ts';

/** Longest pause before the next host of the list. */
const nextHostMs = 100;

const noSession: Reply = {kind: 'cut', left: false};

export function createBind(options: BindOptions): Bind {
  const {name, role, context} = options;
  /** What it was opened under, for all its sessions: under others there is another bind. */
  const {hosts, link, session: times, bindFields} = options.settings();
  const {log, now, noise} = context;
  const latencies = createLatencies();
  let session: Session | undefined;
  let bound = false;
  let stopped = false;
  let generation = 0;
  let failures = 0;
  let hostIndex = 0;
  const up = Promise.withResolvers<void>();
  const allowance = createAllowance(() => options.settings().window);
  let state = 'idle';
  let since = now();
  let timer: NodeJS.Timeout | undefined;

  return {
    name,
    role,
    start: connect,
    stop,
    up: up.promise,
    hurry,
    isUsable,
    window: () => (isUsable() ? allowance.current() : 0),
    used: () => session?.inFlight() ?? 0,
    room,
    submit,
    query,
    generation: () => (bound ? generation : undefined),
    status,
  };

  /** An SMSC that has begun to unbind takes no more, though it may still answer. */
  function isUsable(): boolean {
    return role !== 'receiver' && session?.isOpen() === true;
  }

  function room(): number {
    if (session === undefined || !isUsable() || session.isCongested()) return 0;
    return Math.max(0, allowance.current() - session.inFlight());
  }

  async function submit(fields: Fields, late: (pdu: Pdu) => void): Promise<Reply> {
    if (session === undefined) return noSession;
    const sent = session;
    const reply = await sent.ask('submit_sm', fields, late);
    options.onRoom(false);
    if (reply.kind === 'response') learn(sent, reply.pdu, reply.latencyMs);
    return reply;
  }

  async function query(fields: Fields): Promise<Reply> {
    if (session === undefined) return noSession;
    const reply = await session.ask('query_sm', fields, () => {});
    options.onRoom(false);
    return reply;
  }

  function learn(sent: Session, pdu: Pdu, latencyMs: number): void {
    latencies.add(latencyMs);
    allowance.learn(numberField(pdu.fields, 'congestion_state'));
    if (isSessionFault(pdu.status))
      void sent.abandon(`the SMSC says it is not bound: ${describeStatus(pdu.status, options.settings().codes)}`);
  }

  function connect(): void {
    if (stopped) return;
    const address = hosts[hostIndex % hosts.length];
    if (address === undefined) return;
    generation += 1;
    become('connecting');
    session = openSession({
      ...times,
      link: {...link, ...address},
      role,
      bindFields,
      log,
      onBound: ({systemId, interfaceVersion}) => {
        bound = true;
        failures = 0;
        become('bound');
        up.resolve();
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
    const {reconnect} = options.settings();
    if (refusal !== undefined && isCredentialsRefusal(refusal)) return toRefusedDelayMs(reconnect, noise());
    if (!wasBound && (failures + 1) % hosts.length !== 0) return Math.round(noise() * nextHostMs);
    return toReconnectDelayMs(reconnect, Math.floor(failures / hosts.length), noise());
  }

  function tell(end: End, address: {host: string; port: number}, retryInMs: number): void {
    const fields = {bind: name, ...address, retryInMs};
    if (end.refusal !== undefined) {
      const why = describeStatus(end.refusal, options.settings().codes);
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

  async function stop(patienceMs = options.settings().stopGraceMs): Promise<void> {
    stopped = true;
    up.resolve();
    clearTimeout(timer);
    bound = false;
    become('stopping');
    await session?.close(patienceMs);
    become('stopped');
  }

  function status(): LinkStatus {
    const responseMs = latencies.percentiles();
    return {
      name,
      state,
      since,
      detail: role,
      window: {size: isUsable() ? allowance.current() : 0, used: session?.inFlight() ?? 0},
      ...(responseMs === undefined ? {} : {responseMs}),
    };
  }

  /** Tries that fail one after the other are one time of being down. */
  function become(next: string): void {
    if (next === 'bound' || state === 'bound') since = now();
    state = next;
  }
}
