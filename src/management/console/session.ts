import {createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual} from 'node:crypto';
import {z} from 'zod';
import type {Actor} from '../../core/audit.ts';
import {derive} from '../../core/live.ts';
import type {ManagementToken} from '../parts.ts';

export interface Session {
  /** Of the token it was opened with. */
  name: string;
  role: ManagementToken['role'];
  /** For the audit. */
  by: Actor;
  /** What each form of this session has to bring. */
  formKey: string;
}

export interface Sessions {
  /** The cookie of a new session; undefined when the token is nobody's. */
  open(token: string): string | undefined;
  read(cookie: string): Session | undefined;
  /** This cookie opens nothing any more, should somebody have a copy. */
  close(cookie: string): void;
}

export const sessionMs = 8 * 3_600_000;
const longestCookie = 1000;
const mostClosed = 10_000;

const claims = z.strictObject({name: z.string(), id: z.string(), until: z.number()});

/**
 * Sessions live in the cookie, signed with a key derived from the token they were opened with: every replica knows them, and a token that
 * leaves the configuration takes its sessions along.
 */
export function createSessions({tokens, now}: {tokens(): readonly ManagementToken[]; now(): number}): Sessions {
  const known = derive(tokens, toKnown);
  const closed = new Map<string, number>();

  function open(token: string): string | undefined {
    const given = toHash(token);
    // Every token is compared, each in constant time: how long it takes tells nothing.
    const [found] = known().filter(({hash}) => timingSafeEqual(hash, given));
    if (found === undefined) return undefined;
    const content = {name: found.name, id: randomBytes(16).toString('base64url'), until: now() + sessionMs};
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${payload}.${sign(found.key, payload)}`;
  }

  function read(cookie: string): Session | undefined {
    if (cookie.length > longestCookie || closed.has(cookie)) return undefined;
    const [payload = '', signature = '', more] = cookie.split('.');
    const content = parse(payload);
    // Written in one way only: one that is closed has no other.
    if (more !== undefined || content === undefined || content.until <= now()) return undefined;
    const owner = known().find(({name}) => name === content.name);
    if (owner === undefined || !isSame(sign(owner.key, payload), signature)) return undefined;
    const {name, role} = owner;
    return {name, role, by: {name, via: 'console'}, formKey: sign(owner.key, `form ${content.id}`)};
  }

  function close(cookie: string): void {
    if (read(cookie) === undefined) return;
    for (const [old, until] of closed) if (until <= now() || closed.size >= mostClosed) closed.delete(old);
    closed.set(cookie, now() + sessionMs);
  }

  return {open, read, close};
}

function toKnown(tokens: readonly ManagementToken[]) {
  return tokens.map(({name, role, token}) => ({name, role, hash: toHash(token), key: toKey(token)}));
}

/** In constant time, whatever the lengths. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(toHash(one), toHash(other));
}

function parse(payload: string): z.infer<typeof claims> | undefined {
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function toKey(token: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'nexus-async-gateway console session', 32));
}

function toHash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
