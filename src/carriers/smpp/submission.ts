import type {Outbound} from '../../core/message.ts';
import type {Outcome, Refused} from '../../core/outcome.ts';
import type {Plan, Submission} from '../carrier.ts';
import {isWritable} from './address.ts';
import {type Fields, type Pdu, textField} from './codec.ts';
import type {Reply} from './session/in-flight.ts';
import {type Settings, toTlvs} from './settings.ts';
import {status, toSubmitOutcome} from './status.ts';
import {encodeSegments, parsePlanName, planText} from './text.ts';
import {toSubmitFields} from './wire.ts';

const remembered = 64;

export interface Submissions {
  plan(outbound: Outbound, from: string): Plan | Refused;
  /** The fields of one submit_sm, or why it can't be made. */
  toFields(submission: Submission, now: number): {kind: 'fields'; fields: Fields} | Refused;
}

/** Texts to submissions. The last few encodings are kept: `plan` and each segment's `send` come soon after one another. */
export function createSubmissions(settings: Settings): Submissions {
  const encoded = new Map<string, Buffer[]>();

  return {plan, toFields};

  function plan(outbound: Outbound, from: string): Plan | Refused {
    if (outbound.media.length > 0)
      return refuse('MediaTypeNotAllowed', 'SMPP carries texts only: send media by another carrier');
    if (!isWritable(outbound.to))
      return refuse('InvalidDestination', 'the recipient is no phone number an SMSC can reach');
    if (!isWritable(from)) return refuse('MessageNotAllowed', 'the sender is no address an SMSC can write', 'account');
    return planText(outbound.text, settings.text);
  }

  function toFields(submission: Submission, now: number): {kind: 'fields'; fields: Fields} | Refused {
    const manner = parsePlanName(submission.plan.name);
    const bodies = segmentsOf(submission.outbound.text, submission.plan.name);
    const body = bodies[submission.segment];
    if (manner === undefined || body === undefined || bodies.length !== submission.plan.segments) {
      return refuse(
        'UnsupportedMessage',
        `the text does not fit its plan "${submission.plan.name}": replay the message`,
      );
    }
    const {entry, outbound} = submission;
    const fields = toSubmitFields(
      {
        from: entry.address,
        to: outbound.to,
        manner,
        body,
        segment: submission.segment,
        segments: submission.plan.segments,
        reference: submission.reference,
        priority: submission.priority,
        deliverWithinMs: submission.deliverWithinMs,
        now,
      },
      settings.submit,
    );
    return {kind: 'fields', fields: {...fields, ...ofEntry(entry.options)}};
  }

  function segmentsOf(text: string, planName: string): Buffer[] {
    const key = `${planName}\n${text}`;
    const known = encoded.get(key);
    if (known !== undefined) return known;
    const manner = parsePlanName(planName);
    const bodies = manner === undefined ? [] : encodeSegments(text, manner);
    if (encoded.size >= remembered) encoded.clear();
    encoded.set(key, bodies);
    return bodies;
  }
}

/** What one answer, or none, says of a segment. */
export function toOutcome(reply: Reply, bind: string, settings: Settings): Outcome {
  if (reply.kind === 'response') return toAnswered(reply.pdu, bind, settings);
  if (reply.kind === 'silent') {
    const seconds = settings.session.responseTimeoutMs / 1000;
    return {
      kind: 'unknown',
      reason: {code: 'ServerError', message: `no submit_sm_resp within ${seconds} s`},
      detail: {bind},
    };
  }
  if (reply.left) {
    const message = 'the link was cut before the submit_sm_resp came';
    return {kind: 'unknown', reason: {code: 'ServerError', message}, detail: {bind}};
  }
  return unavailable('the link was cut before the segment left', {bind});
}

export function toAnswered(pdu: Pdu, bind: string, settings: Settings): Outcome {
  if (pdu.command !== 'submit_sm_resp' && pdu.command !== 'generic_nack') {
    const message = `answered with ${pdu.command} instead of submit_sm_resp`;
    return {kind: 'unknown', reason: {code: 'ServerError', message}, detail: {bind}};
  }
  if (pdu.status === status.ok && pdu.command === 'submit_sm_resp') {
    const carrierMessageId = textField(pdu.fields, 'message_id');
    return {kind: 'taken', ...(carrierMessageId === '' ? {} : {carrierMessageId}), detail: {bind}};
  }
  if (pdu.command === 'generic_nack' && pdu.status <= status.invalidCommand) {
    return unavailable(`generic_nack ${pdu.status}: the SMSC could not read the PDU`, {
      bind,
      commandStatus: pdu.status,
    });
  }
  const outcome = toSubmitOutcome(pdu.status, settings.codes);
  return {...outcome, detail: {...outcome.detail, bind}};
}

export function unavailable(message: string, detail: Record<string, string | number> = {}): Outcome {
  return {kind: 'unavailable', scope: 'message', reason: {code: 'ServerError', message}, detail};
}

function ofEntry(options: Readonly<Record<string, unknown>>): Fields {
  const {serviceType, tlvs} = options;
  return {
    ...(typeof serviceType === 'string' ? {service_type: serviceType} : {}),
    ...(isTlvRecord(tlvs) ? toTlvs(tlvs) : {}),
  };
}

function isTlvRecord(value: unknown): value is Record<string, string | number> {
  return typeof value === 'object' && value !== null;
}

function refuse(code: Refused['reason']['code'], message: string, scope: Refused['scope'] = 'message'): Refused {
  return {kind: 'refused', scope, reason: {code, message}};
}
