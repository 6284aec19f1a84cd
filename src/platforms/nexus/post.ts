import type {Channel} from '../../core/channel.ts';
import type {Outcome, Unavailable} from '../../core/outcome.ts';
import type {InboundPost, Post} from '../platform.ts';
import {toOutcome} from './answer.ts';
import type {Caller} from './call.ts';
import type {Failure} from './client.ts';
import type {Contract} from './contract.ts';
import {toPassable} from './headers.ts';
import type {Carried, CarryMedia} from './inbound-media.ts';
import {toRequest} from './wire.ts';

export interface PosterOptions {
  contract: Contract;
  call: Caller;
  carryMedia: CarryMedia;
  channels: ReadonlyMap<string, Channel>;
  now(): number;
}

/** Posts inbound messages, their files first, and receipts. */
export function createPoster({contract, call, carryMedia, channels, now}: PosterOptions) {
  return async (post: Post): Promise<Outcome> => {
    if (post.kind === 'receipt' && !contract.receiptStatuses.includes(post.receipt.status)) {
      return {kind: 'taken', detail: {notPosted: `contract.receiptStatuses has no ${post.receipt.status}`}};
    }
    const channel = channels.get(post.channel);
    if (channel === undefined) return unknownChannel(post.channel);
    const carried = post.kind === 'receipt' ? undefined : await carryMedia(channel, post);
    if (carried?.kind === 'unavailable') return notNow(carried);

    const {path, body} = toRequest(carried === undefined ? post : withMedia(post, carried, contract), contract);
    const answer = await call(channel, {
      method: 'POST',
      path,
      body: Buffer.from(JSON.stringify(body)),
      contentType: 'application/json',
      traceId: post.kind === 'inbound' ? post.inbound.traceId : post.traceId,
      b3: post.b3,
      headers: post.kind === 'receipt' && post.headers !== undefined ? toPassable(post.headers) : undefined,
    });
    if ('failed' in answer) return toFailed(answer);
    return toOutcome(answer, now(), post.kind === 'inbound' ? post.inbound.text : '');
  };
}

type Ready = Extract<Carried, {kind: 'ready'}>;

/** The files under Nexus' own references; a line of text for those that stayed behind. */
function withMedia(post: Post, {media, leftBehind}: Ready, contract: Contract): Post {
  if (post.kind === 'receipt') return post;
  const lines = [post.inbound.text, leftBehind ? contract.media.notice : ''].filter(line => line !== '');
  return {...post, inbound: {...post.inbound, text: lines.join('\n'), media}} satisfies InboundPost;
}

function unknownChannel(channel: string): Outcome {
  const message = `channel ${channel} is not in the configuration any more: put it back, and take it out while the gateway runs, which posts what is owed first`;
  return {kind: 'unavailable', scope: 'queue', reason: {code: 'GeneralError', message}};
}

/** A file says nothing of the URL its text would be posted to: texts without one go on. */
function notNow({why, retryAfterMs}: Extract<Carried, {kind: 'unavailable'}>): Unavailable {
  const wait = retryAfterMs === undefined ? {} : {retryAfterMs};
  const reason = {code: 'ServerError', message: `its file: ${why}`} as const;
  return {kind: 'unavailable', scope: 'message', isUntried: true, reason, ...wait};
}

function toFailed({failed, code}: Failure): Outcome {
  if (failed === 'unreached') {
    const reason = {code: 'ServerError', message: `Nexus can’t be reached: ${code}`} as const;
    return {kind: 'unavailable', scope: 'message', reason};
  }
  return {kind: 'unknown', reason: {code: 'ServerError', message: `no answer from Nexus: ${code}`}};
}
