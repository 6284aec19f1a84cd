import type {Outcome} from '../../core/outcome.ts';
import type {CarrierContext, Submission} from '../carrier.ts';
import {type CharsetRefusals, createCharsetRefusals} from './charset-refusals.ts';
import {hasTlv} from './hot-codec.ts';
import {createOptionalTlvs, optionalTlvs} from './optional-tlvs.ts';
import type {SmppOptions} from './options/schema.ts';
import {isCharsetRefusal, isTlvRefusal, toAnswered, toBeRemade, toOutcome} from './outcome.ts';
import type {References} from './references.ts';
import type {Bind} from './session/bind.ts';
import {type Settings, toSettings} from './settings.ts';
import {createSubmissions, type Submissions} from './submission.ts';
import type {createThrottling} from './throttling.ts';

/** Options with what follows from them. */
export interface Rules {
  settings: Settings;
  charsets: CharsetRefusals;
  submissions: Submissions;
}

export function toRules(options: SmppOptions): Rules {
  const settings = toSettings(options);
  const charsets = createCharsetRefusals(settings.text);
  return {settings, charsets, submissions: createSubmissions(settings, charsets.rulesFor)};
}

export interface SubmitOptions {
  context: Pick<CarrierContext, 'log' | 'events' | 'now'>;
  /** As they are at present. */
  rules(): Rules;
  references(): References | undefined;
  throttling: ReturnType<typeof createThrottling>;
}

/** One segment by one bind, and what its answer teaches. */
export function createSubmit({context, rules, references, throttling}: SubmitOptions) {
  const {log, events, now} = context;
  const optional = createOptionalTlvs(log);

  return async function submit(submission: Submission, bind: Bind): Promise<Outcome> {
    const {settings, charsets, submissions} = rules();
    const {userMessageReference, moreMessagesToSend} = settings.options;
    const {outbound, segment, attempt, plan} = submission;
    const {messageId, traceId, to} = outbound;
    const withOptional = optional.isFor(messageId);
    const made = submissions.toFields(submission, now(), withOptional);
    if (made.kind === 'refused') return made;
    const mayRefer = withOptional && userMessageReference;
    const reference = mayRefer ? references()?.next({messageId, segment, attempt, to}) : undefined;
    if (reference !== undefined) Object.assign(made.fields, {user_message_reference: toOctets(reference)});
    const reply = await bind.submit(made.fields, pdu => {
      const outcome = toAnswered(pdu, bind.name, settings);
      throttling.learn(outcome, bind.name);
      if (outcome.kind !== 'taken' && outcome.kind !== 'refused') {
        log.info('smpp.late_not_final', {bind: bind.name, messageId, traceId, segment, outcome: outcome.kind});
        return;
      }
      events
        .late({messageId, segment, attempt, outcome})
        .catch(() => log.warn('smpp.late_not_stored', {messageId, traceId, segment}));
    });
    if (withOptional && (userMessageReference || moreMessagesToSend) && isTlvRefusal(reply)) {
      optional.refused(messageId, hasTlv(made.fields, optionalTlvs), bind.name);
      return toBeRemade('the SMSC refuses a TLV: it is tried without those it can do without', bind.name);
    }
    if (isCharsetRefusal(reply) && segment === 0 && charsets.note(outbound, plan.name)) {
      return toBeRemade(`the SMSC refuses the data_coding of ${plan.name}: the next charset is tried`, bind.name);
    }
    const outcome = toOutcome(reply, bind.name, settings);
    if (!withOptional && outcome.kind !== 'unavailable') optional.tried(messageId, outcome.kind === 'taken', bind.name);
    throttling.learn(outcome, bind.name);
    return throttling.learnLoad(outcome, reply, bind.name);
  };
}

function toOctets(reference: number): Buffer {
  return Buffer.of(reference >> 8, reference & 0xff);
}
