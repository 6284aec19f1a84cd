import {createSign, generateKeyPairSync, randomBytes} from 'node:crypto';

/** A certificate and its key, PEM, made for one test run. */
export interface Identity {
  cert: string;
  key: string;
}

export interface Authority extends Identity {
  /** A certificate for these host names or IPv4 addresses. */
  issue(commonName: string, names?: readonly string[]): Identity;
}

/** A certificate authority of the test's own: X.509 v3 (RFC 5280) in DER, for node:crypto signs but does not write certificates. */
export function createAuthority(commonName = 'Test authority'): Authority {
  const ca = newKeys();
  const sign = (subject: string, publicKey: Buffer, extensions: Buffer[]) =>
    toCertificate({issuer: commonName, subject, publicKey, extensions, signingKey: ca.key});
  return {
    cert: sign(commonName, ca.publicKey, [basicConstraints(true)]),
    key: ca.key,
    issue(subject, names = []) {
      const own = newKeys();
      const extensions =
        names.length > 0 ? [basicConstraints(false), subjectAltNames(names)] : [basicConstraints(false)];
      return {cert: sign(subject, own.publicKey, extensions), key: own.key};
    },
  };
}

function newKeys(): {key: string; publicKey: Buffer} {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'prime256v1'});
  return {
    key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    publicKey: publicKey.export({type: 'spki', format: 'der'}),
  };
}

interface CertificateOptions {
  issuer: string;
  subject: string;
  publicKey: Buffer;
  extensions: Buffer[];
  signingKey: string;
}

function toCertificate({issuer, subject, publicKey, extensions, signingKey}: CertificateOptions): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const year = 365 * 86_400_000;
  const tbs = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    name(issuer),
    sequence(time(Date.now() - year), time(Date.now() + year)),
    name(subject),
    publicKey,
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(tbs).sign(signingKey);
  const der = sequence(tbs, algorithm, bitString(signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function basicConstraints(isAuthority: boolean): Buffer {
  const value = isAuthority ? sequence(tagged(0x01, Buffer.of(0xff))) : sequence();
  return sequence(oid('2.5.29.19'), tagged(0x01, Buffer.of(0xff)), tagged(0x04, value));
}

function subjectAltNames(names: readonly string[]): Buffer {
  const entries = names.map(each =>
    /^[\d.]+$/.test(each) ? tagged(0x87, Buffer.from(each.split('.').map(Number))) : tagged(0x82, Buffer.from(each)),
  );
  return sequence(oid('2.5.29.17'), tagged(0x04, sequence(...entries)));
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName)))));
}

function time(at: number): Buffer {
  return tagged(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/\D/g, '')}Z`));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest.flatMap(toBase128)];
  return tagged(0x06, Buffer.from(octets));
}

function toBase128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) octets.unshift((left & 0x7f) | 0x80);
  return octets;
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.of(0), bytes]));
}

function sequence(...members: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(members));
}

/** Tag, length (short or long form), content. */
function tagged(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const significant = length.subarray(length.findIndex(octet => octet !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 | significant.length), significant, content]);
}
