import type {Outbound} from '../../core/message.ts';
import type {Refused} from '../../core/outcome.ts';
import type {Plan, Submission} from '../carrier.ts';
import {isWritable} from './address.ts';
import type {Fields} from './codec.ts';
import {type Settings, toTlvs} from './settings.ts';
import {encodeSegments, parsePlanName, planText} from './text.ts';
import {toSubmitFields} from './wire.ts';

const remembered = 64;

export interface Submissions {
  plan(outbound: Outbound, from: string): Plan | Refused;
  /** The fields of one submit_sm, or why it can't be made. */
  toFields(submission: Submission, now: number): {kind: 'fields'; fields: Fields} | Refused;
}

/** Texts to submissions. The last few encodings are kept: one text's segments come soon after one another. */
export function createSubmissions(settings: Settings): Submissions {
  const encoded = new Map<string, Buffer[]>();

  return {plan, toFields};

  function plan(outbound: Outbound, from: string): Plan | Refused {
    if (outbound.media.length > 0) {
      return refuse('MediaTypeNotAllowed', 'SMPP carries texts only: send media by another carrier');
    }
    if (!isWritable(outbound.to)) {
      return refuse('InvalidDestination', 'the recipient is no phone number an SMSC can reach');
    }
    if (!isWritable(from)) return refuse('MessageNotAllowed', 'the sender is no address an SMSC can write', 'account');
    return planText(outbound.text, settings.text);
  }

  function toFields(submission: Submission, now: number): {kind: 'fields'; fields: Fields} | Refused {
    const {entry, outbound, plan} = submission;
    const manner = parsePlanName(plan.name);
    const bodies = segmentsOf(outbound.text, plan);
    const body = bodies[submission.segment];
    if (manner === undefined || body === undefined || bodies.length !== plan.segments) {
      return refuse('UnsupportedMessage', `the text does not fit its plan "${plan.name}": replay the message`);
    }
    const {segment, reference, priority, deliverWithinMs} = submission;
    const fields = toSubmitFields(
      {
        from: entry.address,
        to: outbound.to,
        manner,
        body,
        segment,
        segments: plan.segments,
        reference,
        priority,
        deliverWithinMs,
        now,
      },
      settings.submit,
    );
    return {kind: 'fields', fields: {...fields, ...ofEntry(entry.options)}};
  }

  function segmentsOf(text: string, plan: Plan): Buffer[] {
    const key = `${plan.name}\n${text}`;
    const known = encoded.get(key);
    if (known !== undefined) return known;
    const manner = parsePlanName(plan.name);
    const bodies = manner === undefined ? [] : encodeSegments(text, manner);
    if (plan.segments === 1) return bodies;
    if (encoded.size >= remembered) encoded.clear();
    encoded.set(key, bodies);
    return bodies;
  }
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
