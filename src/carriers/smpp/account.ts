import {createLive} from '../../core/live.ts';
import type {Outcome} from '../../core/outcome.ts';
import type {Carrier, CarrierContext, CarrierStatus, Submission} from '../carrier.ts';
import {createAnswered} from './answered.ts';
import {createDelivery} from './delivery.ts';
import {joinParts} from './inbound.ts';
import {createLookUp} from './look-up.ts';
import type {SmppOptions} from './options/schema.ts';
import {stopping, unavailable} from './outcome.ts';
import {createRate} from './rate.ts';
import {createReferences, type References} from './references.ts';
import {type Bind, createBind} from './session/bind.ts';
import {createBindChoice} from './session/choice.ts';
import {createLinkSet} from './session/link-set.ts';
import type {Role} from './session/session.ts';
import {toLinkTerms} from './settings.ts';
import {createSubmit, toRules} from './submit.ts';
import {createThrottling} from './throttling.ts';
import {warnOf} from './warnings.ts';

/** A deliver_sm_resp has surely left when its link lives this long after. */
const answeredAfterMs = 3000;
/** How long a segment above the window waits for its turn. */
const roomWithinMs = 10_000;
/** What is in flight by a link that is replaced holds the others up no longer. */
const mostPatienceMs = 20_000;

/** One account at an SMSC, over all its binds. */
export function createAccount(first: SmppOptions, context: CarrierContext): Carrier {
  const {name, log, events} = context;
  const rules = createLive(toRules(first));
  const settings = () => rules.current().settings;
  const options = () => settings().options;
  const throttling = createThrottling(log);
  let references: References | undefined;
  const delivery = createDelivery(settings, context, () => references);
  const submit = createSubmit({context, rules: rules.current, references: () => references, throttling});
  const linkSet = createLinkSet({
    count: () => options().binds,
    terms: () => toLinkTerms(settings()),
    open(link) {
      const roles = toRoles(options());
      return roles.map((role, index) => openBind(role, link * roles.length + index + 1));
    },
    patienceMs: () => Math.min(options().responseTimeout, mostPatienceMs),
    leases: context.links,
    onChange: () => onRoom(false),
    onWait: waiting => log.warn('links.change_waits', {carrier: name, waiting}),
  });
  const {binds} = linkSet;
  const choice = createBindChoice(binds);
  const lookUp = createLookUp({choice, settings, isStopped: () => stopped, now: context.now});
  let stopped = false;
  let hadRoom = false;
  learn();

  return {
    name,
    get messagesPerSecond() {
      return options().messagesPerSecond;
    },
    async start() {
      warnOf(options(), name, log);
      linkSet.start();
    },
    change(next: SmppOptions) {
      rules.swap(toRules(next));
      learn();
      warnOf(next, name, log);
      linkSet.renew();
      onRoom(true);
    },
    async stop() {
      stopped = true;
      choice.stop();
      await linkSet.stop();
    },
    window: () => (stopped ? 0 : choice.window()),
    plan: (outbound, entry) => rules.current().submissions.plan(outbound, entry.address),
    send,
    get lookUp() {
      return options().querySm ? lookUp : undefined;
    },
    join: parts => joinParts(parts, settings().decoding),
    status,
  };

  /** References that were given out are known for as long as the account lives. */
  function learn(): void {
    if (options().userMessageReference) references ??= createReferences(context.noise());
  }

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
        onDelivery: (pdu, isAwaited) => delivery.handle(pdu, {answered: answered.note, isAwaited}),
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
      stop: patienceMs => bind.stop(patienceMs).finally(answered.stop),
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
      if (stopped) return stopping;
      const bind = choice.pick(outbound.messageId, segment, plan.segments);
      if (bind !== undefined) return await submit(submission, bind);
      hadRoom = false;
      const mayBe = await choice.room(Math.max(deadline - performance.now(), 0));
      if (!mayBe && !stopped) return unavailable('no bind to the SMSC is up, or none has room');
    }
  }

  function status(): CarrierStatus {
    const links = binds.map(bind => bind.status());
    // A receiver that is bound is no answer to why no text leaves.
    const senders = links.filter(({detail}) => detail !== 'receiver');
    const known = senders.length > 0 ? senders : links;
    const first = known.find(link => link.state === 'bound') ?? known[0];
    return {
      name,
      type: 'smpp',
      state: first?.state ?? (linkSet.isStandby() ? 'standby' : 'stopped'),
      ...(linkSet.isStandby() && {standby: true}),
      since: first?.since ?? context.now(),
      usable: binds.some(bind => bind.isUsable()),
      window: {size: choice.window(), used: sum(binds.map(bind => bind.used()))},
      links,
    };
  }
}

/** Of one link. */
function toRoles({bindType}: SmppOptions): Role[] {
  return bindType === 'pair' ? ['transmitter', 'receiver'] : [bindType];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
