import type {MessageInstance} from 'twilio/lib/rest/api/v2010/account/message.js';
import type {Pair} from '../../core/form.ts';
import type {Media} from '../../core/message.ts';

/** A Message of the API in the words of a webhook, so that there is one reading of both. */

export function toStatusPairs(message: MessageInstance): Pair[] {
  return [
    ['MessageSid', message.sid],
    ['MessageStatus', message.status],
    ['To', message.to],
    ...(message.errorCode ? [['ErrorCode', String(message.errorCode)] as const] : []),
    ...(message.errorMessage ? [['ErrorMessage', message.errorMessage] as const] : []),
  ];
}

export function toInboundPairs(message: MessageInstance, media: readonly Media[]): Pair[] {
  return [
    ['MessageSid', message.sid],
    ['From', message.from],
    ['To', message.to],
    ['Body', message.body ?? ''],
    ['NumMedia', String(media.length)],
    ...media.flatMap((one, index): Pair[] => [
      [`MediaUrl${index}`, one.url],
      [`MediaContentType${index}`, one.contentType ?? ''],
    ]),
  ];
}
