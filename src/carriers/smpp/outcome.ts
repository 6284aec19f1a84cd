import type {Outcome, Unavailable} from '../../core/outcome.ts';
import {type Pdu, textField} from './codec.ts';
import type {Reply} from './session/in-flight.ts';
import type {Settings} from './settings.ts';
import {formatStatus, isFramingNack, status, toSubmitOutcome} from './status.ts';
import type {CodeMapping} from './status-defaults.ts';

/** What one answer, or none, says of a segment. */
export function toOutcome(reply: Reply, bind: string, settings: Settings): Outcome {
  if (reply.kind === 'response') return toAnswered(reply.pdu, bind, settings);
  if (reply.kind === 'silent') {
    return unknown(`no submit_sm_resp within ${settings.session.responseTimeoutMs / 1000} s`, bind);
  }
  if (reply.left) return unknown('the link was cut before the submit_sm_resp came', bind);
  return unavailable('the link was cut before the segment left', {bind});
}

export function toAnswered(pdu: Pdu, bind: string, settings: Settings): Outcome {
  if (pdu.command !== 'submit_sm_resp' && pdu.command !== 'generic_nack') {
    return unknown(`answered with ${pdu.command} instead of submit_sm_resp`, bind);
  }
  if (pdu.command === 'submit_sm_resp' && isAccepted(pdu.status, settings.codes)) {
    const carrierMessageId = textField(pdu.fields, 'message_id');
    const commandStatus = formatStatus(pdu.status);
    return {
      kind: 'taken',
      ...(carrierMessageId === '' ? {} : {carrierMessageId}),
      detail: {bind, ...(pdu.status === status.ok ? {} : {commandStatus})},
    };
  }
  if (isFramingNack(pdu)) {
    return unavailable('generic_nack: the SMSC could not read the PDU', {bind, commandStatus: pdu.status});
  }
  const outcome = toSubmitOutcome(pdu.status, settings.codes);
  return {...outcome, detail: {...outcome.detail, bind}};
}

/** An account's mapping may say of a code that the SMSC has the text, as of one for texts it was sent before. */
function isAccepted(code: number, codes: CodeMapping): boolean {
  return code === status.ok || codes[code]?.genericErrorCode === 0;
}

/** ESME_RINVOPTPARSTREAM to ESME_RINVOPTPARAMVAL. */
export function isTlvRefusal(reply: Reply): boolean {
  return reply.kind === 'response' && reply.pdu.status >= 0xc0 && reply.pdu.status <= 0xc4;
}

/** ESME_RINVDCS, SMPP 5.0 4.7.6. */
export function isCharsetRefusal(reply: Reply): boolean {
  return reply.kind === 'response' && reply.pdu.status === 0x104;
}

/** It was answered, only not as it was made: the SMSC works. */
export function toBeRemade(message: string, bind: string): Outcome {
  return {...unavailable(message, {bind}), isWell: true};
}

export function unavailable(message: string, detail: Record<string, string | number> = {}): Unavailable {
  return {kind: 'unavailable', scope: 'message', reason: {code: 'ServerError', message}, detail};
}

/** Nobody's fault: it counts as no attempt, and not against the account. */
export const stopping: Outcome = {
  kind: 'unavailable',
  scope: 'throttled',
  reason: {code: 'ServerError', message: 'The gateway is stopping'},
};

function unknown(message: string, bind: string): Outcome {
  return {kind: 'unknown', reason: {code: 'ServerError', message}, detail: {bind}};
}
