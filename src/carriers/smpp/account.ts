import type {ReceiptEvent} from '../../core/event.ts';
import type {Outcome} from '../../core/outcome.ts';
import type {Carrier, CarrierContext, CarrierStatus, SentSegment, Submission} from '../carrier.ts';
import {createAnswered} from './answered.ts';
import {createCharsetRefusals} from './charset-refusals.ts';
import {createDelivery} from './delivery.ts';
import {joinParts} from './inbound.ts';
import type {SmppOptions} from './options/schema.ts';
import {isCharsetRefusal, isTlvRefusal, toAnswered, toOutcome, unavailable} from './outcome.ts';
import {toQueryFields, toQueryReceipt} from './query.ts';
import {createRate} from './rate.ts';
import {createReferences} from './references.ts';
import {type Bind, createBind} from './session/bind.ts';
import {createBindChoice} from './session/choice.ts';
import {createLinkSet} from './session/link-set.ts';
import type {Role} from './session/session.ts';
import {toSettings} from './settings.ts';
import {createSubmissions} from './submission.ts';
import {createThrottling} from './throttling.ts';
import {warnOf} from './warnings.ts';

/** A deliver_sm_resp has surely left when its link lives this long after. */
const answeredAfterMs = 3000;
/** How long a segment above the window waits for its turn. */
const roomWithinMs = 10_000;

/** One account at an SMSC, over all its binds. */
export function createAccount(options: SmppOptions, context: CarrierContext): Carrier {
  const {name, log, events} = context;
  const settings = toSettings(options);
  const charsets = createCharsetRefusals(settings.text);
  const submissions = createSubmissions(settings, charsets.rulesFor);
  const throttling = createThrottling(log);
  const references = options.userMessageReference ? createReferences(context.noise()) : undefined;
  const delivery = createDelivery(settings, context, references);
  const roles = toRoles(options);
  const linkSet = createLinkSet({
    count: options.binds,
    open: link => roles.map((role, index) => openBind(role, link * roles.length + index + 1)),
    leases: context.links,
  });
  const {binds} = linkSet;
  const choice = createBindChoice(binds);
  let stopped = false;
  let hadRoom = false;
  /** Those the SMSC can do without: left out for good once it refuses them. */
  let optionalTlvs = true;
  const mayDropTlvs = options.userMessageReference || options.moreMessagesToSend;

  return {
    name,
    messagesPerSecond: options.messagesPerSecond,
    async start() {
      warnOf(options, name, log);
      linkSet.start();
    },
    async stop() {
      stopped = true;
      choice.stop();
      await linkSet.stop();
    },
    window: () => (stopped ? 0 : sum(binds.map(bind => bind.window()))),
    plan: (outbound, entry) => submissions.plan(outbound, entry.address),
    send,
    ...(options.querySm ? {lookUp} : {}),
    join: parts => joinParts(parts, settings.decoding),
    status,
  };

  function openBind(role: Role, number: number): Bind {
    const answered = createAnswered({
      delayMs: answeredAfterMs,
      session: () => bind.generation(),
      tell: events.answered,
    });
    const bind = createBind({
      name: `${name}/${number}`,
      role,
      settings,
      context,
      far: {
        onDelivery: pdu => delivery.handle(pdu, answered.note),
        onOutbind: () => onOutbind(`${name}/${number}`),
      },
      onRoom,
    });
    const rate = createRate();
    return {
      ...bind,
      submit(fields, late) {
        rate.add();
        return bind.submit(fields, late);
      },
      stop: () => bind.stop().finally(answered.stop),
      status: () => ({...bind.status(), perSecond: rate.perSecond()}),
    };
  }

  function onRoom(grown: boolean): void {
    const had = hadRoom;
    hadRoom = choice.look();
    if (!stopped && hadRoom && (grown || !had)) events.ready();
  }

  /** The SMSC has something for us (SMPP 3.4 2.2.1): whoever could take it and is waiting for its next try connects now. */
  function onOutbind(from: string): void {
    const hurried = binds.filter(bind => bind.role !== 'transmitter' && bind.hurry());
    log.info('smpp.outbind', {bind: from, connecting: hurried.map(bind => bind.name).join(' ')});
  }

  /** Above its window it waits, so that a burst of the relay's is never more than the SMSC was promised. */
  async function send(submission: Submission): Promise<Outcome> {
    const {outbound, plan, segment} = submission;
    const deadline = performance.now() + roomWithinMs;
    for (;;) {
      if (stopped) return unavailable('the gateway is stopping');
      const bind = choice.pick(outbound.messageId, segment, plan.segments);
      if (bind !== undefined) return submit(submission, bind);
      hadRoom = false;
      const mayBe = await choice.room(Math.max(deadline - performance.now(), 0));
      if (!mayBe) return unavailable('no bind to the SMSC is up, or none has room');
    }
  }

  async function submit(submission: Submission, bind: Bind): Promise<Outcome> {
    const {outbound, segment, attempt, plan} = submission;
    const {messageId, to} = outbound;
    const made = submissions.toFields(submission, context.now(), optionalTlvs);
    if (made.kind === 'refused') return made;
    const reference = optionalTlvs ? references?.next({messageId, attempt, to}) : undefined;
    if (reference !== undefined) Object.assign(made.fields, {user_message_reference: toOctets(reference)});
    const reply = await bind.submit(made.fields, pdu => {
      const outcome = toAnswered(pdu, bind.name, settings);
      throttling.learn(outcome, bind.name);
      if (outcome.kind !== 'taken' && outcome.kind !== 'refused') {
        log.info('smpp.late_not_final', {bind: bind.name, messageId, segment, outcome: outcome.kind});
        return;
      }
      events
        .late({messageId, segment, attempt, outcome})
        .catch(() => log.warn('smpp.late_not_stored', {messageId, segment}));
    });
    if (optionalTlvs && mayDropTlvs && isTlvRefusal(reply)) {
      optionalTlvs = false;
      log.warn('smpp.tlvs_refused', {
        bind: bind.name,
        advice: 'set userMessageReference and moreMessagesToSend to false',
      });
      return unavailable('the SMSC refuses optional TLVs: from now on they are left out', {bind: bind.name});
    }
    if (isCharsetRefusal(reply) && segment === 0 && charsets.note(outbound, plan.name)) {
      return unavailable(`the SMSC refuses the data_coding of ${plan.name}: the next charset is tried`, {
        bind: bind.name,
      });
    }
    const outcome = toOutcome(reply, bind.name, settings);
    throttling.learn(outcome, bind.name);
    return outcome;
  }

  /** By query_sm, which many SMSCs answer for a day or not at all. */
  async function lookUp(sent: SentSegment): Promise<ReceiptEvent | undefined> {
    if (sent.carrierMessageId === undefined || stopped) return undefined;
    const bind = choice.pick(sent.outbound.messageId, 0, 1);
    const reply = await bind?.query(toQueryFields(sent, settings.submit));
    return reply?.kind === 'response' ? toQueryReceipt(reply.pdu, sent, context.now()) : undefined;
  }

  function status(): CarrierStatus {
    const links = binds.map(bind => bind.status());
    const up = links.find(link => link.state === 'bound');
    const first = up ?? links[0];
    return {
      name,
      type: 'smpp',
      state: first?.state ?? (linkSet.isStandby() ? 'standby' : 'stopped'),
      ...(linkSet.isStandby() && {standby: true}),
      since: first?.since ?? context.now(),
      usable: binds.some(bind => bind.isUsable()),
      window: {size: sum(binds.map(bind => bind.window())), used: sum(binds.map(bind => bind.used()))},
      links,
    };
  }
}

/** Of one link. */
function toRoles({bindType}: SmppOptions): Role[] {
  return bindType === 'pair' ? ['transmitter', 'receiver'] : [bindType];
}

function toOctets(reference: number): Buffer {
  return Buffer.of(reference >> 8, reference & 0xff);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
