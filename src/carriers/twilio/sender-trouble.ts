import {toAddress} from '../../core/address.ts';
import type {CarrierEntry} from '../../core/channel.ts';
import type {SenderTrouble} from '../carrier.ts';
import {toCapMs} from './day-cap.ts';
import {type ErrorOverrides, toErrorAction, toReason} from './errors.ts';
import {entry as entrySchema} from './options.ts';

/** Long enough to lose one text, not a campaign, to an unregistered number; short enough to notice that it was mended. */
const restMs = 300_000;

/**
 * Twilio takes texts of a sender that is too fast, has sent enough for today, or is not registered, and fails them one by one: what such a
 * callback says of the sender. Undefined: it speaks of the text only.
 */
export function toSenderTrouble(
  form: ReadonlyMap<string, string>,
  overrides: ErrorOverrides,
  now: number,
): SenderTrouble | undefined {
  const code = Number(form.get('ErrorCode') ?? '');
  if (!Number.isInteger(code) || code <= 0) return undefined;
  const isSender = (entry: CarrierEntry) => sends(entry, form);
  const reason = toReason(code, '', overrides);
  switch (toErrorAction(code, overrides)) {
    case 'throttle':
      return {isSender, scope: 'throttled', reason};
    case 'dayCap':
      return {isSender, scope: 'queue', reason, retryAfterMs: toCapMs(code, now)};
    case 'configuration':
      return {isSender, scope: 'queue', reason, retryAfterMs: restMs};
    default:
      return undefined;
  }
}

/** An entry sends from its own address, or from any of its service's pool. */
function sends({address, options}: CarrierEntry, form: ReadonlyMap<string, string>): boolean {
  const {messagingServiceSid, anySender} = entrySchema.parse(options);
  if (messagingServiceSid !== undefined && anySender === true)
    return form.get('MessagingServiceSid') === messagingServiceSid;
  // With its prefix: a number's WhatsApp is another sender than its SMS.
  return toAddress(form.get('From') ?? '') === address;
}
