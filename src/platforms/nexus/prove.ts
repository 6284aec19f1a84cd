import type {Context} from 'koa';
import type {Channel} from '../../core/channel.ts';
import {Refusal} from '../../core/refusal.ts';
import {createDirectory, type DirectoryOptions} from './directory.ts';
import {type Document, toDocument} from './document.ts';
import {type ChannelHeaders, hasRequired, headerOf} from './headers.ts';
import type {Signed} from './proof.ts';
import {type Places, toSenders} from './reading.ts';

/** A webhook that somebody has vouched for: whose it is, and what it says. */
export interface Proven {
  channel: Channel;
  document: Document;
}

export interface ProverOptions extends DirectoryOptions {
  placesOf(channel: Channel): Places;
  headersOf(channel: Channel): ChannelHeaders | undefined;
}

/** Verifies the bytes as they came, then the headers the channel requires, and only then reads the body. Throws `Refusal`. */
export function createProver({placesOf, headersOf, ...options}: ProverOptions) {
  const directory = createDirectory(options);

  const requireHeaders = (channel: Channel, context: Context) => {
    const rules = headersOf(channel);
    if (rules !== undefined && !hasRequired(context.headers, rules)) {
      throw new Refusal(401, 'header_wrong', headerWrong);
    }
  };

  return {
    /** The path's channel decides the secret and the sender, whatever the body says. */
    byPath(context: Context, id: string, platform?: string): Proven {
      const signed = toSigned(context);
      const channel = directory.byPath(id, platform);
      directory.verify(channel, signed, context.state.traceId);
      requireHeaders(channel, context);
      return {channel, document: toDocument(signed.raw)};
    },

    byBody(context: Context): Proven {
      const signed = toSigned(context);
      const fitting = directory.bySignature(signed);
      const document = toDocument(signed.raw);
      // Channels may share a secret by the thousand; the places are their platform's.
      const senders = [...new Set(fitting.map(placesOf))].flatMap(places => toSenders(document.body, places));
      const channel = directory.byBody(fitting, senders);
      requireHeaders(channel, context);
      return {channel, document};
    },
  };
}

const headerWrong =
  'A header this channel requires is absent or wrong: compare the header:* options of NexusServices with headers.require of the platform.';

function toSigned(context: Context): Signed {
  const raw: unknown = context.state.raw;
  if (!Buffer.isBuffer(raw)) {
    throw new TypeError('ctx.state.raw holds no Buffer: mount the webhook behind the raw-body middleware');
  }
  const {headers} = context;
  return {raw, sha1: headerOf(headers, 'x-hub-signature'), sha256: headerOf(headers, 'x-hub-signature-256')};
}
