import type {ReceiptEvent} from '../../core/event.ts';
import type {Pair} from '../../core/form.ts';
import {type ErrorOverrides, toErrorAction, toReason} from './errors.ts';
import type {TwilioOptions} from './options.ts';
import {isMessageSid, scrub, toParty, toRaw} from './parts.ts';

/** Status callbacks (twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks) to receipts. */

type Resend = TwilioOptions['resend'];

const never: Resend = {times: 0, after: 0};

/** What became of a text of ours. `undefined`: not a status callback; `ignored`: a status that says nothing of it. */
export function toReceipt(
  pairs: readonly Pair[],
  receivedAt: number,
  overrides: ErrorOverrides,
  resend: Resend = never,
): ReceiptEvent | 'ignored' | undefined {
  const form = new Map(pairs);
  const carrierMessageId = form.get('MessageSid');
  const status = form.get('MessageStatus') ?? form.get('SmsStatus');
  if (!isMessageSid(carrierMessageId) || status === undefined) return undefined;
  const fate = toFate(status, form, overrides, resend);
  if (fate === undefined) return 'ignored';
  const messageId = form.get('mid') ?? '';
  const attempt = form.get('attempt') ?? '';
  const phone = toParty(form.get('To'));
  return {
    ...fate,
    carrierMessageId,
    receivedAt,
    raw: toRaw(pairs),
    ...(/^[\w.~-]{1,64}$/.test(messageId) ? {messageId} : {}),
    ...(/^[1-9]\d{0,6}$/.test(attempt) ? {attempt: Number(attempt)} : {}),
    ...(phone === undefined ? {} : {phone}),
  };
}

type Fate = Pick<ReceiptEvent, 'state' | 'final' | 'reason' | 'again'>;

/** Callbacks come in any order and doubled; every one before the last word only shows that Twilio has the text. */
function toFate(
  status: string,
  form: ReadonlyMap<string, string>,
  overrides: ErrorOverrides,
  resend: Resend,
): Fate | undefined {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
    case 'partially_delivered':
      return {state: 'sent', final: false};
    case 'delivered':
    case 'read':
      return {state: 'delivered', final: true};
    case 'canceled':
      return {state: 'failed', final: true, reason: {code: 'MessageNotAllowed', message: 'Canceled at Twilio'}};
    case 'undelivered':
    case 'failed':
      return toFailure(status, form, overrides, resend);
    default:
      return undefined;
  }
}

function toFailure(status: string, form: ReadonlyMap<string, string>, overrides: ErrorOverrides, resend: Resend): Fate {
  const code = Number(form.get('ErrorCode') ?? form.get('SmsErrorCode') ?? '');
  const words = scrub(form.get('ErrorMessage') ?? form.get('ChannelStatusMessage') ?? '');
  if (!Number.isInteger(code) || code <= 0) {
    return {state: 'failed', final: true, reason: {code: 'GeneralError', message: `Twilio: ${words || status}`}};
  }
  const reason = toReason(code, words, overrides);
  if (reason.code === 'MessageExpired') return {state: 'expired', final: true, reason};
  const mayPass = resend.times > 0 && toErrorAction(code, overrides) === 'retry';
  return {state: 'failed', final: true, reason, ...(mayPass && {again: {inMs: resend.after, times: resend.times}})};
}
