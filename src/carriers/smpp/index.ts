import type {Outcome} from '../../core/outcome.ts';
import {type Carrier, type CarrierContext, type CarrierStatus, defineCarrier, type Submission} from '../carrier.ts';
import {createAnswered} from './answered.ts';
import {createDelivery} from './delivery.ts';
import {joinParts} from './inbound.ts';
import {type SmppOptions, smppEntry, smppOptions} from './options.ts';
import {type Bind, createBind} from './session/bind.ts';
import {createBindChoice} from './session/choice.ts';
import type {Role} from './session/session.ts';
import {toSettings} from './settings.ts';
import {createSubmissions, toAnswered, toOutcome, unavailable} from './submission.ts';

/** A deliver_sm_resp has surely left when its link lives this long after. */
const answeredAfterMs = 3000;

export const smpp = defineCarrier<SmppOptions>({
  type: 'smpp',
  options: smppOptions,
  entry: smppEntry,
  create: createSmpp,
});

/** One account at an SMSC, over all its binds. */
function createSmpp(options: SmppOptions, context: CarrierContext): Carrier {
  const settings = toSettings(options);
  const submissions = createSubmissions(settings);
  const delivery = createDelivery(settings, context);
  const binds = toRoles(options).map((role, index) => openBind(role, index + 1));
  const choice = createBindChoice(binds);
  let stopped = false;
  let hadRoom = false;

  return {
    name: context.name,
    messagesPerSecond: options.messagesPerSecond,
    async start() {
      warn();
      for (const bind of binds) bind.start();
    },
    async stop() {
      stopped = true;
      choice.stop();
      await Promise.all(binds.map(bind => bind.stop()));
    },
    window: () => (stopped ? 0 : sum(binds.map(bind => bind.window()))),
    plan: (outbound, entry) => submissions.plan(outbound, entry.address),
    send,
    join: parts => joinParts(parts, settings.decoding),
    status,
  };

  function openBind(role: Role, number: number): Bind {
    const answered = createAnswered({
      delayMs: answeredAfterMs,
      session: () => bind.generation(),
      tell: context.events.answered,
    });
    const bind = createBind({
      name: `${context.name}/${number}`,
      role,
      settings,
      context,
      onDelivery: pdu => delivery.handle(pdu, answered.note),
      onRoom,
    });
    return {...bind, stop: () => bind.stop().finally(answered.stop)};
  }

  function onRoom(grown: boolean): void {
    const had = hadRoom;
    hadRoom = choice.room();
    if (!stopped && hadRoom && (grown || !had)) context.events.ready();
  }

  async function send(submission: Submission): Promise<Outcome> {
    if (stopped) return unavailable('the gateway is stopping');
    const {outbound, plan, segment, attempt} = submission;
    const bind = await choice.choose(outbound.messageId, segment, plan.segments, settings.session.responseTimeoutMs);
    if (bind === undefined) return unavailable('no bind to the SMSC is up');
    const made = submissions.toFields(submission, context.now());
    if (made.kind === 'refused') return made;
    hadRoom = hadRoom && bind.room() > 1;
    const reply = await bind.submit(made.fields, pdu => {
      const outcome = toAnswered(pdu, bind.name, settings);
      void context.events.late({messageId: outbound.messageId, segment, attempt, outcome}).catch(() => {
        context.log.warn('smpp.late_not_stored', {messageId: outbound.messageId});
      });
    });
    const outcome = toOutcome(reply, bind.name, settings);
    if (outcome.kind === 'unavailable' && outcome.scope === 'throttled') {
      context.log.warn('smpp.throttled', {bind: bind.name, why: outcome.reason.message});
    }
    return outcome;
  }

  function warn(): void {
    if (typeof options.tls === 'object' && options.tls.acceptAnyCertificate) {
      context.log.warn('smpp.any_certificate', {
        carrier: context.name,
        advice: 'give tls.ca instead of acceptAnyCertificate',
      });
    }
    if (options.password.length > 8) {
      context.log.info('smpp.long_password', {
        carrier: context.name,
        why: 'SMPP 3.4 allows 8 characters, some SMSCs refuse more',
      });
    }
  }

  function status(): CarrierStatus {
    const links = binds.map(bind => bind.status());
    const usable = binds.filter(bind => bind.isUsable()).length;
    const worst = links.find(link => link.state !== 'bound') ?? links[0];
    const best = links.find(link => link.state === 'bound') ?? worst;
    return {
      name: context.name,
      type: 'smpp',
      state: usable > 0 ? 'bound' : (best?.state ?? 'stopped'),
      since: (usable > 0 ? best : worst)?.since ?? context.now(),
      usable: usable > 0,
      window: {size: sum(binds.map(bind => bind.window())), used: sum(binds.map(bind => bind.used()))},
      links,
    };
  }
}

/** Several links of one kind, or as many transmitters as receivers. */
function toRoles({bindType, binds}: SmppOptions): Role[] {
  if (bindType !== 'pair') return Array.from({length: binds}, () => bindType);
  return Array.from({length: binds}, (): Role[] => ['transmitter', 'receiver']).flat();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
