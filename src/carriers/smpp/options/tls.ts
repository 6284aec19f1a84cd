import {createPrivateKey, X509Certificate} from 'node:crypto';
import {createSecureContext} from 'node:tls';
import {z} from 'zod';
import type {Mistake} from './mistake.ts';

const begin = '-----BEGIN';
const pem = z.string().includes(begin, {message: 'must be PEM text, for example read by a file reference'});

export const tls = z.strictObject({
  ca: z
    .union([pem, z.array(pem)])
    .optional()
    .describe('Certificate authority (PEM) to trust instead of the public ones'),
  cert: pem.optional().describe('Client certificate (PEM), where the SMSC asks for one'),
  key: pem.optional().describe('Private key (PEM) of the client certificate'),
  passphrase: z.string().optional().describe('Passphrase of the private key'),
  servername: z.string().optional().describe('Name the certificate must carry, when it is not the host'),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Lowest TLS version'),
  acceptAnyCertificate: z
    .boolean()
    .default(false)
    .describe(
      'Do not verify the certificate: anybody on the way can read and send texts. A warning is logged at each start',
    ),
});

/** What no link could be opened with. What is no PEM at all is told by then; cert and key are looked at where both are given. */
export function findTlsMistakes({ca = [], cert, key, passphrase}: z.output<typeof tls>): Mistake[] {
  const authorities = [ca].flat();
  if (![...authorities, cert ?? begin, key ?? begin].every(text => text.includes(begin))) return [];
  if (!authorities.every(isCertificate)) return [{path: ['tls', 'ca'], message: 'is not the PEM of a certificate'}];
  if (cert === undefined || key === undefined) return [];
  if (!isCertificate(cert)) return [{path: ['tls', 'cert'], message: 'is not the PEM of a certificate'}];
  if (whyNot(() => createPrivateKey({key, passphrase})) !== undefined) {
    return [{path: ['tls', 'key'], message: 'is not the PEM of a private key, or passphrase does not open it'}];
  }
  const why = whyNot(() => createSecureContext({ca, cert, key, passphrase}));
  return why === undefined ? [] : [{path: ['tls', 'cert'], message: `can't be used with this key: ${why}`}];
}

function isCertificate(text: string): boolean {
  return whyNot(() => new X509Certificate(text)) === undefined;
}

function whyNot(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'unreadable';
  }
}
