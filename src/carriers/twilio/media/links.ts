import {createHmac, timingSafeEqual} from 'node:crypto';

/** A file that somebody may fetch by a link of ours: which party can get it, and by what address. */
export interface MediaReference {
  /** `carrier:twilio-main`, `platform:acme`. */
  owner: string;
  url: string;
}

export interface MediaLinksOptions {
  /** At least 32 characters; the first signs, all are accepted. */
  secrets: readonly string[];
  publicUrl: string;
  now(): number;
  lifeMs: number;
}

export interface MediaLinks {
  /** `{publicUrl}/media/{token}`. */
  toLink(reference: MediaReference): string;
  /** `expired`: it was ours; undefined: it never was. */
  read(token: string): MediaReference | 'expired' | undefined;
}

/** Short-lived signed links: the token is all there is, nothing is stored, every replica can read it. */
export function createMediaLinks({secrets, publicUrl, now, lifeMs}: MediaLinksOptions): MediaLinks {
  const [signing] = secrets;
  if (signing === undefined || secrets.some(secret => secret.length < 32)) {
    throw new Error('Media links need a secret of at least 32 characters.');
  }
  return {
    toLink({owner, url}) {
      const body = Buffer.from(JSON.stringify([owner, url, now() + lifeMs])).toString('base64url');
      return `${publicUrl}/media/${body}.${sign(signing, body)}`;
    },
    read(token) {
      const [body = '', signature = '', ...more] = token.split('.');
      if (more.length > 0 || !secrets.some(secret => isEqual(signature, sign(secret, body)))) return undefined;
      const [owner, url, until]: [string, string, number] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
      return now() <= until ? {owner, url} : 'expired';
    },
  };
}

function sign(secret: string, body: string): string {
  return createHmac('sha256', secret).update(`media ${body}`).digest('base64url');
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
