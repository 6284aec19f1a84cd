import type {Channel} from '../../core/channel.ts';
import type {B3} from '../../core/tracer.ts';
import {toB3Headers} from './b3.ts';
import type {Answer, Client, Failure} from './client.ts';
import type {NexusOptions} from './options.ts';
import {documentedForm, toSignature} from './signature.ts';
import {toPath} from './wire.ts';

export interface Call {
  method: 'POST' | 'GET';
  /** After the base path; `{channelId}` stands for the channel's. */
  path: string;
  body?: Uint8Array;
  contentType?: string;
  /** What the signature is made over; the body unless told otherwise. */
  signed?: Uint8Array;
  traceId: string;
  b3?: B3 | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  maxAnswerBytes?: number;
}

/** A call signed for its channel. One try per secret: on 401, or 403 for all that is known (facts 7.8), the channel's next one signs. */
export type Caller = (channel: Channel, call: Call) => Promise<Answer | Failure>;

export function createCaller(options: NexusOptions, client: Client): Caller {
  const {contract, ccid} = options;
  const form = {...documentedForm, encoding: contract.signatureEncoding};

  return async (channel, call) => {
    const {method, body, contentType, traceId, b3, maxAnswerBytes} = call;
    const bytes = call.signed ?? body ?? new Uint8Array();
    const path = contract.basePath + toPath(call.path, channel.id);
    const headers: Record<string, string> = {...call.headers};
    if (contentType !== undefined) headers['content-type'] = contentType;
    headers['x-ccid'] = ccid;
    headers['x-b3-traceid'] = traceId;
    if (b3 !== undefined) Object.assign(headers, toB3Headers(b3));
    if (contract.apiKey !== undefined) headers['x-api-key'] = contract.apiKey;
    let answer: Answer | Failure = {failed: 'unreached', code: 'NO_API_SECRET'};
    for (const secret of channel.apiSecrets) {
      headers['x-hub-signature'] = toSignature(bytes, secret, form);
      const next = await client.call({method, path, headers, body, maxAnswerBytes});
      if ('failed' in next || (next.status !== 401 && next.status !== 403)) return next;
      // What refuses a signature with 401 has found one right where it says 403: that is what has to be mended.
      if ('failed' in answer || answer.status !== 403) answer = next;
    }
    return answer;
  };
}
