import type {LinkStatus} from '../../carrier.ts';
import {type Fields, numberField, type Pdu} from '../codec.ts';
import {createLatencies} from '../latencies.ts';
import {describeStatus, isCredentialsRefusal, isSessionFault} from '../status.ts';
import {createAllowance} from './allowance.ts';
import type {Bind, BindOptions} from './bind-options.ts';
import {createComeback, type Host} from './comeback.ts';
import type {Reply} from './in-flight.ts';
import {createMuteness} from './muteness.ts';
import {type End, openSession, type Session} from './session.ts';
import {createWellness, type Wellness} from './wellness.ts';

export type {Bind} from './bind-options.ts';

const steady = () => performance.now();
const noSession: Reply = {kind: 'cut', left: false};

export function createBind(options: BindOptions): Bind {
  const {name, role, context} = options;
  /** What it was opened under, for all its sessions: under others there is another bind. */
  const {hosts, link, session: times, bindFields} = options.settings();
  const {log, now, noise} = context;
  const latencies = createLatencies();
  const comeback = createComeback({hosts, rules: () => options.settings().reconnect, noise});
  let session: Session | undefined;
  let muteness = createMuteness(times.responseTimeoutMs);
  let wellness = createWellness(steady);
  let boundAt: number | undefined;
  let stopped = false;
  let generation = 0;
  let wasMute = false;
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
    cut: () => session?.cut(),
    up: up.promise,
    hurry,
    isUsable,
    window: () => (isUsable() ? allowance.current() : 0),
    used: () => session?.inFlight() ?? 0,
    room,
    isIll: () => wellness.isIll(),
    isResting: () => wellness.isResting(),
    submit,
    query,
    generation: () => (boundAt === undefined ? undefined : generation),
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
    const [hearing, own] = [muteness, wellness];
    const reply = await sent.ask('submit_sm', fields, pdu => {
      hearing.heard();
      late(pdu);
    });
    tellWellness(own, reply);
    options.onRoom(false);
    if (reply.kind === 'response') {
      hearing.heard();
      learn(sent, reply.pdu, reply.latencyMs);
    }
    if (reply.kind === 'silent' && hearing.silent(performance.now())) {
      wasMute = sent === session;
      void sent.abandon('the SMSC answers no submission any more');
    }
    return reply;
  }

  function tellWellness(own: Wellness, reply: Reply): void {
    const turned = own.learn(reply, options.settings().codes);
    if (turned === 'ill')
      log.warn('bind.ill', {bind: name, why: 'it answered no submission as it should, several times'});
    if (turned === 'well') log.info('bind.well', {bind: name});
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
    const address = comeback.host();
    if (address === undefined) return;
    generation += 1;
    wasMute = false;
    muteness = createMuteness(times.responseTimeoutMs);
    wellness = createWellness(steady);
    become('connecting');
    session = openSession({
      ...times,
      link: {...link, ...address},
      role,
      bindFields,
      log,
      onBound: ({systemId, interfaceVersion}) => {
        boundAt = performance.now();
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

  function onEnd(end: End, address: Host): void {
    const boundMs = boundAt === undefined ? 0 : performance.now() - boundAt;
    session = undefined;
    boundAt = undefined;
    if (stopped) return;
    const delayMs = comeback.toDelayMs({...end, wasMute}, boundMs);
    tell(end, address, delayMs);
    timer = setTimeout(connect, delayMs);
    options.onRoom(false);
  }

  function tell(end: End, address: Host, retryInMs: number): void {
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
    boundAt = undefined;
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
