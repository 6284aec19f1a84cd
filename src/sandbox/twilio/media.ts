import type {ApiAnswer} from './api.ts';
import type {PretendMedia, PretendMessage} from './message.ts';

/** Where a file of an inbound message is: with credentials at the API, which sends on to a CDN that wants none. */
export function toMediaUrl(base: string, accountSid: string, message: PretendMessage, media: PretendMedia): string {
  return `${base}/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media/${media.sid}`;
}

export function answerMedia(
  path: string,
  asked: {authorized: boolean; authorization: string | undefined},
  messages: readonly PretendMessage[],
): ApiAnswer | undefined {
  const [, from, sid] = /^\/(2010-04-01|cdn)\/(?:.*\/Media\/)?(ME[0-9a-f]{32})$/.exec(path) ?? [];
  const media = sid === undefined ? undefined : messages.flatMap(message => message.media).find(one => one.sid === sid);
  if (media === undefined) return undefined;
  if (from === 'cdn' && asked.authorization !== undefined)
    return {status: 400, body: 'Only one way to prove who you are'};
  if (from === 'cdn') return {status: 200, body: media.body, headers: {'content-type': media.contentType}};
  if (!asked.authorized) return {status: 401, body: {code: 20003, message: 'Authenticate', status: 401}};
  return {status: 307, body: {}, headers: {location: `/cdn/${media.sid}`}};
}

export function answerMediaList(
  path: string,
  accountSid: string,
  messages: readonly PretendMessage[],
): ApiAnswer | undefined {
  const [, sid] = /\/Messages\/(\w+)\/Media\.json$/.exec(path) ?? [];
  const message = sid === undefined ? undefined : messages.find(one => one.sid === sid);
  if (message === undefined) return undefined;
  const files = message.media.map(media => ({
    account_sid: accountSid,
    parent_sid: message.sid,
    sid: media.sid,
    content_type: media.contentType,
    date_created: new Date(message.at).toUTCString().replace('GMT', '+0000'),
    date_updated: new Date(message.at).toUTCString().replace('GMT', '+0000'),
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media/${media.sid}.json`,
  }));
  return {status: 200, body: {media_list: files, page: 0, page_size: 50, uri: path, next_page_uri: null}};
}
