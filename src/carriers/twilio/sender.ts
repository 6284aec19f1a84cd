import type twilioLibrary from 'twilio';
import type {CarrierEntry} from '../../core/channel.ts';
import type {Media, Outbound} from '../../core/message.ts';
import type {Outcome, Refused} from '../../core/outcome.ts';
import type {Plan, Submission} from '../carrier.ts';
import {toReason} from './errors.ts';
import {withHeaders} from './extra-headers.ts';
import {entry as entrySchema, type TwilioOptions} from './options.ts';
import {toOutcome} from './outcome.ts';
import {isMessageSid, scrub} from './parts.ts';
import {countSms, longestBody, splitBody} from './text.ts';
import {toCreate, toParties, toStatusCallback} from './wire.ts';

export interface SenderOptions {
  client: twilioLibrary.Twilio;
  settings: TwilioOptions;
  /** `{publicUrl}/twilio/{carrier}/status`. */
  statusUrl: string;
  /** Under which Twilio can fetch a file. */
  toMediaLink(media: Media, outbound: Outbound): string;
  now(): number;
}

const mostMedia = 10;

/** Texts to `Messages.create`. */
export function createSender({client, settings, statusUrl, toMediaLink, now}: SenderOptions) {
  async function send(submission: Submission): Promise<Outcome> {
    const {outbound, entry, segment} = submission;
    const {messagingServiceSid, anySender, contentSid, contentVariable} = entrySchema.parse(entry.options);
    const body = splitBody(outbound.text)[segment] ?? '';
    const message = toCreate({
      ...toParties(entry.address, outbound.to, anySender === true && messagingServiceSid !== undefined),
      messagingServiceSid,
      body,
      template:
        contentSid === undefined
          ? undefined
          : {contentSid, contentVariables: JSON.stringify({[contentVariable]: body})},
      mediaUrls: segment === 0 ? outbound.media.map(media => toMediaLink(media, outbound)) : [],
      statusCallback: toStatusCallback(statusUrl, outbound.messageId, submission.attempt, outbound.headers),
      sendWithinMs: submission.sendWithinMs,
    });
    try {
      const create = () => client.messages.create(message);
      const headers = settings.requestHeaders ? outbound.headers : undefined;
      return toTaken(await withHeaders({...headers, 'x-b3-traceid': outbound.traceId}, create), settings);
    } catch (fault) {
      return toOutcome(fault, settings.errors, now());
    }
  }

  return {
    send,
    /** One segment for each create; Twilio cuts those into SMS itself. */
    plan(outbound: Outbound, _entry: CarrierEntry): Plan | Refused {
      const {text, media} = outbound;
      if (text === '' && media.length === 0) return refuse('The message has neither text nor media');
      if (media.length > mostMedia) return refuse(`Twilio takes at most ${mostMedia} media files in one message`);
      if (media.some(one => !/^https?:\/\//i.test(toMediaLink(one, outbound))))
        return refuse('Twilio can fetch media only from an http(s) address');
      if (text.length > longestBody && settings.longText === 'refuse') {
        return refuse(`The text is longer than Twilio’s ${longestBody} characters and longText is refuse`);
      }
      const bodies = splitBody(text);
      return {name: 'twilio', segments: bodies.length, airSegments: bodies.map(countSms)};
    },
  };
}

interface Created {
  sid: unknown;
  status: unknown;
  errorCode: unknown;
  numSegments: unknown;
}

function toTaken(message: Created, settings: TwilioOptions): Outcome {
  const {sid, status, errorCode, numSegments} = message;
  if (!isMessageSid(sid)) {
    return {
      kind: 'unknown',
      reason: {code: 'ServerError', message: 'Twilio took the text, and its answer names no message'},
    };
  }
  const detail = {status: String(status), numSegments: String(numSegments)};
  // No callback tells a status that was there from the beginning.
  if (status === 'failed' || status === 'undelivered') {
    const reason = toReason(Number(errorCode ?? 0), '', settings.errors);
    return {kind: 'refused', scope: 'message', reason, detail: {...detail, carrierMessageId: sid}};
  }
  return {kind: 'taken', carrierMessageId: sid, detail};
}

function refuse(message: string): Refused {
  return {kind: 'refused', scope: 'message', reason: {code: 'UnsupportedMessage', message: scrub(message)}};
}
