import {createHmac, hkdfSync, timingSafeEqual} from 'node:crypto';
import type {Channel} from '../core/channel.ts';

/** Which file of which text somebody may fetch. */
export interface MediaReference {
  messageId: string;
  /** Among the text's files, from 0. */
  index: number;
  /** Whether the link was signed for this channel: a text is handed out only by its own. Nothing is proven before. */
  isFor(platform: string, channel: string): boolean;
}

export interface MediaLinks {
  /** `{publicUrl}/media/{token}`: short enough for a text, the same each time it is made. */
  toLink(messageId: string, index: number, channel: Pick<Channel, 'platform' | 'id'>): string;
  /** Undefined: none of ours has such a form, or no channel has signed it. Where there are too many to be tried, that shows when it is known whose it is. */
  read(token: string): MediaReference | undefined;
}

type Signer = Pick<Channel, 'platform' | 'id' | 'apiSecrets'>;

/** 128 bits: nobody guesses one. */
const signatureLength = 22;
/** Keys that anybody may have tried by a link that was made up. Of fewer all are tried, so that the store is not asked for it. */
const mostTried = 64;
const tokenForm = /^([\w-]{1,64})\.(\d{1,2})\.([\w-]{22})$/;

/**
 * Signed links. Keys come from the channels' apiSecrets (the first signs, all are accepted), so every replica has them and nothing new must be
 * configured; a secret can't be found from its key (RFC 5869). How long a link lives is a matter of the text behind it.
 */
export function createMediaLinks({publicUrl, channels}: {publicUrl: string; channels: readonly Signer[]}): MediaLinks {
  const signers = new Map(channels.map(channel => [toName(channel.platform, channel.id), channel]));
  const secrets = new Set(channels.flatMap(({apiSecrets}) => apiSecrets));
  const keys = new Map<string, Buffer[]>();
  const few = secrets.size > mostTried ? undefined : [...secrets].map(toKey);

  function keysOf(platform: string, id: string): Buffer[] {
    const name = toName(platform, id);
    const known = keys.get(name) ?? signers.get(name)?.apiSecrets.map(toKey) ?? [];
    if (signers.has(name)) keys.set(name, known);
    return known;
  }

  return {
    toLink(messageId, index, {platform, id}) {
      const [key] = keysOf(platform, id);
      if (key === undefined) throw new Error(`channel ${id} of ${platform} has no key for links`);
      const body = `${messageId}.${index}`;
      return `${publicUrl}/media/${body}.${sign(key, body)}`;
    },
    read(token) {
      const [, messageId = '', index = '', signature = ''] = tokenForm.exec(token) ?? [];
      if (messageId === '') return undefined;
      const body = `${messageId}.${index}`;
      const isSignedBy = (tried: readonly Buffer[]) => tried.some(key => isEqual(signature, sign(key, body)));
      if (few !== undefined && !isSignedBy(few)) return undefined;
      return {
        messageId,
        index: Number(index),
        isFor: (platform, channel) => isSignedBy(keysOf(platform, channel)),
      };
    },
  };
}

function toName(platform: string, channel: string): string {
  return `${platform} ${channel}`;
}

function toKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'nexus-async-gateway media links', 32));
}

function sign(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url').slice(0, signatureLength);
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
