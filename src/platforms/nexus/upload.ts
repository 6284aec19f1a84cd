import type {Channel} from '../../core/channel.ts';
import {toOutcome} from './answer.ts';
import type {Caller} from './call.ts';
import type {Answer, Failure} from './client.ts';
import type {Contract} from './contract.ts';
import {type File, toMultipart} from './multipart.ts';
import {firstWords, toPlace} from './places.ts';

export type Upload =
  | {kind: 'uploaded'; url: string}
  | {kind: 'refused'; why: string}
  | {kind: 'unavailable'; why: string; retryAfterMs?: number};

export interface UploadOptions {
  contract: Contract;
  call: Caller;
  now(): number;
}

/** `POST …/media` (facts 2.2 a): the one call Genesys documents, all but its signature. Answers the reference a message may carry. */
export function createUpload({contract, call, now}: UploadOptions) {
  return async (channel: Channel, file: File, traceId: string): Promise<Upload> => {
    const {body, contentType} = toMultipart(file);
    const answer = await call(channel, {
      method: 'POST',
      path: contract.media.uploadPath,
      body,
      contentType,
      signed: contract.media.signature === 'file' ? file.bytes : body,
      traceId,
    });
    return toUpload(answer, now());
  };
}

function toUpload(answer: Answer | Failure, now: number): Upload {
  if ('failed' in answer) return {kind: 'unavailable', why: `no answer from Nexus: ${answer.code}`};
  const outcome = toOutcome(answer, now, '');
  // Also where a setting has to be mended (401, 403, 404, 405): the text waits a while for its file, but not for ever.
  if (outcome.kind === 'unavailable') {
    const {retryAfterMs, reason} = outcome;
    return {kind: 'unavailable', why: reason.message, ...(retryAfterMs === undefined ? {} : {retryAfterMs})};
  }
  const url = outcome.kind === 'taken' ? toReference(answer.body) : undefined;
  if (url !== undefined) return {kind: 'uploaded', url};
  return {
    kind: 'refused',
    why: outcome.kind === 'taken' ? 'Nexus answered no reference to it' : `Nexus answered ${answer.status}`,
  };
}

const urlPlaces = ['data.url', 'url'].map(toPlace);

function toReference(body: Buffer): string | undefined {
  try {
    const [url] = firstWords(JSON.parse(body.toString('utf8')), urlPlaces);
    return url !== undefined && /^[a-z][a-z\d+.-]*:\/\/[\x21-\x7e]{1,2000}$/i.test(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
