import type {Channel} from '../../core/channel.ts';
import type {MediaLoad} from '../../core/media.ts';
import type {MediaWanted} from '../platform.ts';
import type {Caller} from './call.ts';
import type {Contract} from './contract.ts';
import {toPassable} from './headers.ts';
import {toSafeFilename} from './multipart.ts';

export interface DownloadOptions {
  contract: Contract;
  call: Caller;
  channels: ReadonlyMap<string, Channel>;
}

/** The bytes behind Nexus' own references, `genesys://nexus/<mediaId>` (facts 7.15). Other addresses are not its business. */
export function createDownload({contract, call, channels}: DownloadOptions) {
  return async ({media, channel: channelId, traceId, headers = {}, maxBytes}: MediaWanted): Promise<MediaLoad> => {
    const mediaId = /^genesys:\/\/nexus\/([\w-]{1,100})$/i.exec(media.url)?.[1];
    const channel = channels.get(channelId);
    if (mediaId === undefined || channel === undefined) return {kind: 'refused', why: 'it is no reference of Nexus'};
    if (!contract.media.download) return {kind: 'refused', why: 'contract.media.download is off'};
    const path = contract.media.downloadPath.replaceAll('{mediaId}', mediaId);
    const kept = toPassable(headers);
    const answer = await call(channel, {method: 'GET', path, traceId, headers: kept, maxAnswerBytes: maxBytes + 1});
    if ('failed' in answer) return {kind: 'unavailable', why: `no answer from Nexus: ${answer.code}`};
    if (answer.status >= 500 || answer.status === 429)
      return {kind: 'unavailable', why: `Nexus answered ${answer.status}`};
    if (answer.status !== 200) return {kind: 'refused', why: `Nexus answered ${answer.status}`};
    if (!answer.whole) return {kind: 'unavailable', why: 'its bytes broke off'};
    if (answer.body.length > maxBytes) return {kind: 'refused', why: `it is larger than ${maxBytes} bytes`};
    const contentType = answer.contentType ?? media.contentType ?? 'application/octet-stream';
    const filename = toSafeFilename(media.filename ?? mediaId);
    return {kind: 'loaded', bytes: answer.body, contentType, filename};
  };
}
