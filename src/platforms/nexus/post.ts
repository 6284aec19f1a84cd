import type {Channel} from '../../core/channel.ts';
import type {Outcome} from '../../core/outcome.ts';
import type {Post} from '../platform.ts';
import {toOutcome} from './answer.ts';
import type {Client, Failure} from './client.ts';
import type {NexusOptions} from './options.ts';
import {toSignature} from './signature.ts';
import {toRequest} from './wire.ts';

export interface PosterOptions {
  options: NexusOptions;
  client: Client;
  channels: ReadonlyMap<string, Channel>;
  now(): number;
}

/** Posts inbound messages and receipts, signed over the very bytes sent. One try per secret: on 401 the channel's next one signs. */
export function createPoster({options, client, channels, now}: PosterOptions) {
  return async (post: Post): Promise<Outcome> => {
    if (post.kind === 'receipt' && !options.contract.receiptStatuses.includes(post.receipt.status)) {
      return {kind: 'taken', detail: {notPosted: `contract.receiptStatuses has no ${post.receipt.status}`}};
    }
    const channel = channels.get(post.channel);
    if (channel === undefined) return unknownChannel(post.channel);

    const {path, body} = toRequest(post, options.contract);
    const bytes = Buffer.from(JSON.stringify(body));
    const request = {method: 'POST', path: options.contract.basePath + path, body: bytes} as const;
    let outcome: Outcome = unknownChannel(post.channel);
    for (const secret of channel.apiSecrets) {
      const answer = await client.call({
        ...request,
        headers: toHeaders(options, traceOf(post), toSignature(bytes, secret)),
      });
      outcome = 'failed' in answer ? toFailed(answer) : toOutcome(answer, now(), textOf(post));
      if ('failed' in answer || answer.status !== 401) return outcome;
    }
    return outcome;
  };
}

export function toHeaders(options: NexusOptions, traceId: string, signature: string): Record<string, string> {
  const {apiKey} = options.contract;
  return {
    'content-type': 'application/json',
    'x-hub-signature': signature,
    'x-ccid': options.ccid,
    'x-b3-traceid': traceId,
    ...(apiKey === undefined ? {} : {'x-api-key': apiKey}),
  };
}

function traceOf(post: Post): string {
  return post.kind === 'inbound' ? post.inbound.traceId : post.traceId;
}

function textOf(post: Post): string {
  return post.kind === 'inbound' ? post.inbound.text : '';
}

function unknownChannel(channel: string): Outcome {
  const message = `channel ${channel} is not in the configuration any more: put it back, or purge what waits for it`;
  return {kind: 'unavailable', scope: 'queue', reason: {code: 'GeneralError', message}};
}

function toFailed({failed, code}: Failure): Outcome {
  if (failed === 'unreached') {
    const reason = {code: 'ServerError', message: `Nexus can’t be reached: ${code}`} as const;
    return {kind: 'unavailable', scope: 'message', reason};
  }
  return {kind: 'unknown', reason: {code: 'ServerError', message: `no answer from Nexus: ${code}`}};
}
