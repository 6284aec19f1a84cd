import type {Outcome} from '../../core/outcome.ts';
import {ApiFault} from './api-fault.ts';
import {toCapMs} from './day-cap.ts';
import {type ErrorAction, type ErrorOverrides, toErrorAction, toErrorOutcome, toReason, toThrottled} from './errors.ts';
import {scrub} from './parts.ts';

/** What a create that did not end in a readable 201 means. Anything but an `ApiFault` is the library stumbling over an answer. */
export function toOutcome(fault: unknown, overrides: ErrorOverrides, now: number): Outcome {
  if (!(fault instanceof ApiFault)) return toUnknown('Twilio took the text, and its answer could not be understood');
  switch (fault.kind) {
    case 'unreachable':
      return {
        kind: 'unavailable',
        scope: 'message',
        reason: {code: 'ServerError', message: `Twilio could not be reached (${fault.code ?? 'no code'})`},
      };
    case 'lost':
      return toUnknown(`No answer from Twilio (${fault.code ?? 'no code'})`);
    case 'unreadable':
      return toUnknown('Twilio took the text, and its answer could not be read');
    case 'answered':
      return toAnswered(fault, overrides, now);
  }
}

/** Create is not idempotent: after a 5XX or a 408 of an edge the text may be on its way (twilio.com/docs/errors/20500). */
function toAnswered(fault: ApiFault, overrides: ErrorOverrides, now: number): Outcome {
  const status = fault.status ?? 0;
  const {twilioCode, retryAfterMs} = fault;
  if (twilioCode !== undefined) {
    const action = toAction(status, twilioCode, overrides);
    const waitMs = action === 'dayCap' ? toCapMs(twilioCode, now) : retryAfterMs;
    const outcome = toErrorOutcome(action, toReason(twilioCode, scrub(fault.words ?? ''), overrides), waitMs);
    const whose = action === 'throttle' ? toThrottled(twilioCode) : {};
    const well = outcome.kind === 'unavailable' && outcome.scope === 'message' ? {isWell: true as const} : {};
    return {...outcome, ...whose, ...well, detail: {status, twilioCode}};
  }
  const reason = {code: 'ServerError' as const, message: `Twilio answered HTTP ${status}`};
  const detail = {status};
  if (status === 429) return {...toErrorOutcome('throttle', {...reason, code: 'RateLimited'}, retryAfterMs), detail};
  if (status >= 500 || status === 408) return {kind: 'unknown', reason, detail};
  // An answer without a code is not the API's own: a proxy's page, or a wrong address. Nothing was sent.
  const scope = status < 400 || [401, 403, 404, 405, 407].includes(status) ? 'queue' : 'message';
  return {kind: 'unavailable', scope, reason, detail};
}

/** A 429 was never processed, whatever its code is. */
function toAction(status: number, code: number, overrides: ErrorOverrides): ErrorAction {
  const listed = toErrorAction(code, overrides);
  if (status === 429) return listed === 'dayCap' ? listed : 'throttle';
  return mayStand(status, code, overrides) ? listed : 'unknown';
}

/** A 5XX may have sent the text whatever code comes with it, unless the operator has decided otherwise. */
function mayStand(status: number, code: number, overrides: ErrorOverrides): boolean {
  return (status < 500 && status !== 408) || overrides[code] !== undefined;
}

function toUnknown(message: string): Outcome {
  return {kind: 'unknown', reason: {code: 'ServerError', message}};
}
