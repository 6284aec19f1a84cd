import type {ApiAnswer} from './api.ts';
import type {PretendMedia, PretendMessage} from './message.ts';

/** Where a file of an inbound message is: with credentials at the API, which sends on to a CDN that wants none. */
export function toMediaUrl(base: string, accountSid: string, message: PretendMessage, media: PretendMedia): string {
  return `${base}/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media/${media.sid}`;
}

export function answerMedia(
  path: string,
  authorized: boolean,
  messages: readonly PretendMessage[],
): ApiAnswer | undefined {
  const [, from, sid] = /^\/(2010-04-01|cdn)\/(?:.*\/Media\/)?(ME[0-9a-f]{32})$/.exec(path) ?? [];
  const media = messages.flatMap(message => message.media).find(one => one.sid === sid);
  if (media === undefined) return undefined;
  if (from === 'cdn') return {status: 200, body: media.body, headers: {'content-type': media.contentType}};
  if (!authorized) return {status: 401, body: {code: 20003, message: 'Authenticate', status: 401}};
  return {status: 307, body: {}, headers: {location: `/cdn/${media.sid}`}};
}
