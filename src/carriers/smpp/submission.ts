import type {Outbound} from '../../core/message.ts';
import type {Refused} from '../../core/outcome.ts';
import type {Plan, Submission} from '../carrier.ts';
import {isWritable} from './address.ts';
import {type Fields, toTlvName} from './codec.ts';
import {type Settings, toTlvs} from './settings.ts';
import {encodeSegments, type Manner, parsePlanName, planText, type TextRules} from './text.ts';
import {toSubmitFields} from './wire.ts';

const remembered = 64;

export interface Submissions {
  plan(outbound: Outbound, from: string): Plan | Refused;
  /** The fields of one submit_sm, or why it can't be made. */
  toFields(submission: Submission, now: number, optionalTlvs: boolean): {kind: 'fields'; fields: Fields} | Refused;
}

/** Texts to submissions. The last few encodings are kept: one text's segments come soon after one another. */
export function createSubmissions(settings: Settings, rulesFor: (messageId: string) => TextRules): Submissions {
  const encoded = new Map<string, Buffer[]>();
  const withoutOptional = {...settings.submit, moreMessagesToSend: false};
  const manners = new Map<string, Manner | undefined>();
  const headerTlvs = Object.entries(settings.options.headerTlvs).map(([header, tlv]) => ({
    header,
    tlv: toTlvName(tlv),
  }));

  return {plan, toFields};

  function plan(outbound: Outbound, from: string): Plan | Refused {
    if (outbound.media.length > 0) {
      return refuse('MediaTypeNotAllowed', 'SMPP carries texts only: send media by another carrier');
    }
    if (!isWritable(outbound.to)) {
      return refuse('InvalidDestination', 'the recipient is no phone number an SMSC can reach');
    }
    if (!isWritable(from)) return refuse('MessageNotAllowed', 'the sender is no address an SMSC can write', 'account');
    return planText(outbound.text, rulesFor(outbound.messageId));
  }

  function toFields(
    submission: Submission,
    now: number,
    optionalTlvs: boolean,
  ): {kind: 'fields'; fields: Fields} | Refused {
    const {entry, outbound, plan} = submission;
    const manner = mannerOf(plan.name);
    const bodies = manner === undefined ? [] : segmentsOf(outbound.text, plan, manner);
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
      optionalTlvs ? settings.submit : withoutOptional,
    );
    return {
      kind: 'fields',
      fields: Object.assign(fields, toHeaderFields(outbound.headers), ofEntry(entry.options)),
    };
  }

  /** A header's value is text as it is: `hex:` means nothing in it. */
  function toHeaderFields(headers: Outbound['headers']): Fields | undefined {
    if (headers === undefined || headerTlvs.length === 0) return undefined;
    const known = headerTlvs.flatMap(({header, tlv}) => {
      const value = Object.hasOwn(headers, header) ? headers[header] : undefined;
      return value === undefined ? [] : [[tlv, Buffer.from(value, 'latin1')] as const];
    });
    return Object.fromEntries(known);
  }

  function segmentsOf(text: string, plan: Plan, manner: Manner): Buffer[] {
    if (plan.segments === 1) return encodeSegments(text, manner);
    const key = `${plan.name}\n${text}`;
    const bodies = encoded.get(key) ?? encodeSegments(text, manner);
    if (encoded.size >= remembered) encoded.clear();
    encoded.set(key, bodies);
    return bodies;
  }

  function mannerOf(planName: string): Manner | undefined {
    const manner = manners.get(planName) ?? parsePlanName(planName);
    if (manners.size >= remembered) manners.clear();
    manners.set(planName, manner);
    return manner;
  }
}

function ofEntry({serviceType, tlvs}: Readonly<Record<string, unknown>>): Fields | undefined {
  if (serviceType === undefined && tlvs === undefined) return undefined;
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
