import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';

/** What the store must know to keep a secret; plain values, for they cross to its thread. */
export interface Secrecy {
  /** The first seals, all open. Each key is 32 bytes, base64. */
  keys: ReadonlyArray<{id: string; key: string}>;
  /** False: new texts are written as they are; sealed ones are still opened. */
  seals: boolean;
  /** Under which forgotten phones stay on the opt-out lists: the first names them, all are looked for. */
  phoneKeys: readonly string[];
}

export const noSecrecy: Secrecy = {keys: [], seals: false, phoneKeys: []};

/**
 * AES-256-GCM, a nonce of its own for each value, and what the value belongs to as additional data: a value that was put into another's place does
 * not open. `of` is a message's id and the name of the column, or what else names one value for its whole life.
 */
export interface Vault {
  /** For the disk; the text itself while nothing is to be sealed. */
  seal(text: string, of: string): string;
  /** Throws when its key is not here, or the value is not what was sealed. */
  open(stored: string, of: string): string;
  /** Whether it would be written so today. */
  isCurrent(stored: string): boolean;
  /** Whether its key is here. */
  opens(stored: string): boolean;
  /** What this phone is called where it was forgotten; none without a key. The first is what it is called from now on. */
  namesOf(phone: string): string[];
  /** Each key's name, and a sum by which another key of the same name is noticed. */
  readonly keys: readonly KeyMark[];
  /** Of the key that seals. */
  readonly sealing: KeyMark | undefined;
  /** Of the key that names forgotten phones. */
  readonly naming: KeyMark | undefined;
}

export interface KeyMark {
  name: string;
  check: number;
}

/** No JSON, no form and no hex begins so. */
const mark = 'sealed:1:';
const nonceBytes = 12;
const noncesAtOnce = 512;
const tagBytes = 16;
const keyBytes = 32;

export function createVault({keys, seals, phoneKeys}: Secrecy): Vault {
  const known = new Map(keys.map(({id, key}) => [id, createSecretKey(derive(key, 'texts'))]));
  const naming = phoneKeys.map(key => createSecretKey(Buffer.from(key)));
  const drawNonce = createNonces();
  const current = seals ? keys[0]?.id : undefined;
  const own = current === undefined ? undefined : known.get(current);
  const prefix = `${mark}${current}:`;
  const texts = keys.map(({id, key}) => ({name: `text key ${id}`, check: toCheck(key)}));
  const phones = phoneKeys.map(key => ({name: `phone key ${toCheck(key)}`, check: toCheck(key)}));

  function seal(text: string, of: string): string {
    if (own === undefined) return text;
    const nonce = drawNonce();
    const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(Buffer.from(of));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return prefix + sealed.toString('base64');
  }

  function open(stored: string, of: string): string {
    if (!stored.startsWith(mark)) return stored;
    const [id, value] = toParts(stored);
    const key = known.get(id);
    if (key === undefined) {
      throw new Error(
        `a text is sealed with the key ${id}, which encryption.keys does not name: add it after the first`,
      );
    }
    const bytes = Buffer.from(value, 'base64');
    const end = bytes.length - tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(of));
    decipher.setAuthTag(bytes.subarray(end));
    return decipher.update(bytes.subarray(nonceBytes, end), undefined, 'utf8') + decipher.final('utf8');
  }

  return {
    seal,
    open,
    isCurrent: stored => (current === undefined ? !stored.startsWith(mark) : stored.startsWith(prefix)),
    opens: stored => !stored.startsWith(mark) || known.has(toParts(stored)[0]),
    namesOf: phone => naming.map(key => toName(key, phone)),
    keys: [...texts, ...phones],
    sealing: current === undefined ? undefined : texts[0],
    naming: phones[0],
  };
}

/** Many are drawn at a time: one by one they cost as much as sealing. None is given twice. */
function createNonces(): () => Buffer {
  const pool = Buffer.alloc(nonceBytes * noncesAtOnce);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += nonceBytes;
    return Buffer.from(pool.subarray(at - nonceBytes, at));
  };
}

/** One key for each use (RFC 5869). */
function derive(key: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', `nexus-async-gateway ${use}`, keyBytes));
}

function toCheck(key: string): number {
  return derive(key, 'check').readUIntBE(0, 6);
}

function toParts(stored: string): [id: string, value: string] {
  const end = stored.indexOf(':', mark.length);
  return [stored.slice(mark.length, end), stored.slice(end + 1)];
}

/** 256 bits: who has no key can't try all numbers there are. Read as an address that is no phone number. */
function toName(key: KeyObject, phone: string): string {
  return `hmac:${createHmac('sha256', key).update(phone).digest('base64url')}`;
}
