import {encodePdu, type Fields, numberField, type Pdu, textField} from '../codec.ts';
import type {FrameFault} from '../framer.ts';
import {status} from '../status.ts';
import {sortFrames} from './arrivals.ts';
import {createDeadline, type Deadline} from './deadline.ts';
import {createInFlight, type Reply} from './in-flight.ts';
import {type Link, openLink} from './link.ts';
import {createLiveness} from './liveness.ts';
import {createQuiet} from './quiet.ts';
import {createRequests} from './requests.ts';
import {createResponses} from './responses.ts';
import {createSequence} from './sequence.ts';
import type {Session, SessionOptions} from './session-options.ts';

export type {End, Role, Session, SessionOptions} from './session-options.ts';

/** For what is in flight when the link is to end, and for the answer to our good-bye. */
const farewellMs = 2000;
/** A text that is answered elsewhere is forgotten there 3 s later: an SMSC that waits for 5 s and more brings none twice. */
const awaitedMs = 8000;

/** One SMPP session, from connect to close; used once. After its end none of its callbacks is called. */
export function openSession(options: SessionOptions): Session {
  const {log} = options;
  const quiet = createQuiet(() => inFlight.size > 0 || requests.delivering > 0);
  const requests = createRequests({
    log,
    isBound: () => phase === 'bound',
    respond,
    onDelivery: pdu => options.onDelivery(pdu, createAwaited()),
    onDelivered: quiet.look,
    onUnbind: sequence => void drain(sequence),
    onOutbind: options.onOutbind,
  });
  const liveness = createLiveness({
    everyMs: options.enquireLinkMs,
    timeoutMs: options.enquireLinkTimeoutMs,
    send: () => request('enquire_link'),
    onDead: why => link.destroy(why),
  });
  const inFlight = createInFlight({
    timeoutMs: options.responseTimeoutMs,
    onSilent: liveness.ask,
    onEmpty: quiet.look,
  });
  const nextSequence = createSequence(inFlight.has);
  const onResponse = createResponses({
    log,
    inFlight,
    liveness,
    isBinding: () => phase === 'binding',
    onBind: onBindResponse,
    isLeaving: () => phase === 'draining',
    onUnbound: () => link.end('unbound'),
    onNotBound: why => void abandon(why),
  });
  const ended = Promise.withResolvers<void>();
  const behind: Pdu[] = [];
  let phase: 'opening' | 'binding' | 'bound' | 'draining' | 'ended' = 'opening';
  let wasBound = false;
  let refusal: number | undefined;
  let bindDeadline: Deadline | undefined;

  const link: Link = openLink({
    ...options.link,
    onOpen: sendBind,
    onFrames,
    onFault,
    onDrain: () => options.onRoom(),
    onClose: end,
  });

  return {
    isOpen: () => phase === 'bound',
    ask,
    inFlight: () => inFlight.size,
    isCongested: link.isCongested,
    close,
    cut: () => link.destroy('its link was lost to another replica'),
    abandon,
  };

  /** An SMSC that has had no answer for long may deliver it elsewhere as well. */
  function createAwaited(): () => boolean {
    const since = performance.now();
    return () => phase !== 'ended' && performance.now() - since < awaitedMs;
  }

  function ask(command: string, fields: Fields, late: (pdu: Pdu) => void): Promise<Reply> {
    if (phase !== 'bound') return Promise.resolve({kind: 'cut', left: false});
    const number = nextSequence();
    const outgoing = {bytes: encodePdu(command, number, fields), handed: false};
    const reply = inFlight.add(number, {outgoing, late});
    link.request(outgoing);
    return reply;
  }

  function request(command: string, fields: Fields = {}): number {
    const number = nextSequence();
    link.request({bytes: encodePdu(command, number, fields), handed: false});
    return number;
  }

  function sendBind(): void {
    phase = 'binding';
    request(`bind_${options.role}`, options.bindFields);
    const ms = options.bindTimeoutMs;
    bindDeadline = createDeadline(ms, () => link.destroy(`no answer to the bind within ${ms} ms`));
  }

  function onFrames(frames: Buffer[]): void {
    liveness.heard();
    const arrivals = sortFrames(frames, log);
    for (const pdu of arrivals.responses) onResponse(pdu);
    if (arrivals.responses.length > 0 || behind.length > 0) letWait(arrivals.requests);
    else for (const pdu of arrivals.requests) requests.handle(pdu);
    for (const each of arrivals.unreadable) respond('generic_nack', each.sequence, each.status);
  }

  /** Until what the answers set off is under way: a receipt that came with the answer to its text finds it stored. */
  function letWait(arrived: readonly Pdu[]): void {
    if (arrived.length > 0 && behind.length === 0) setImmediate(handleBehind);
    behind.push(...arrived);
  }

  function handleBehind(): void {
    const arrived = behind.splice(0);
    // What the session does not answer any more comes again in the next one.
    if (phase !== 'ended') for (const pdu of arrived) requests.handle(pdu);
  }

  function onBindResponse(pdu: Pdu): void {
    bindDeadline?.clear();
    if (pdu.status !== 0 || pdu.command === 'generic_nack') {
      // A generic_nack says no, whatever its status.
      refusal = pdu.status === status.ok ? status.invalidCommand : pdu.status;
      link.destroy('bind refused');
      return;
    }
    phase = 'bound';
    wasBound = true;
    liveness.start();
    options.onBound({
      systemId: textField(pdu.fields, 'system_id'),
      interfaceVersion: numberField(pdu.fields, 'sc_interface_version'),
    });
  }

  function respond(command: string, number: number, code = 0, flushed?: () => void): void {
    if (phase !== 'ended') link.answer(encodePdu(command, number, {}, code), flushed);
  }

  /** The stream is lost: say so, then begin anew. What left by it now would never hear its answer. */
  function onFault(fault: FrameFault): void {
    if (phase === 'bound') phase = 'draining';
    options.onRoom();
    respond('generic_nack', fault.sequence, status.invalidCommandLength);
    link.end(fault.why);
  }

  /** The SMSC says good-bye: what is in flight may still be answered, then we go. */
  async function drain(number: number): Promise<void> {
    await finish();
    respond('unbind_resp', number);
    link.end('the SMSC unbound');
  }

  async function abandon(why: string): Promise<void> {
    await finish();
    link.destroy(why);
  }

  async function finish(): Promise<void> {
    if (phase === 'bound') phase = 'draining';
    options.onRoom();
    await quiet.reached(farewellMs);
  }

  async function close(graceMs: number): Promise<void> {
    if (phase !== 'bound') {
      if (phase !== 'draining') link.destroy('stopped');
      return ended.promise;
    }
    phase = 'draining';
    await quiet.reached(graceMs);
    request('unbind');
    const timer = setTimeout(() => link.destroy('no answer to the unbind'), farewellMs);
    await ended.promise;
    clearTimeout(timer);
  }

  function end(why: string): void {
    phase = 'ended';
    bindDeadline?.clear();
    liveness.stop();
    inFlight.cut();
    options.onEnd({why, wasBound, refusal});
    ended.resolve();
  }
}
