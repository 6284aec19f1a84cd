import {createPrivateKey, X509Certificate} from 'node:crypto';
import {z} from 'zod';
import {contractOptions} from './contract.ts';
import {headerOptions} from './headers.ts';
import {duration} from './media-options.ts';

function pem(isRight: (text: string) => boolean, what: string) {
  return z.string().refine(isRight, `is not the PEM of ${what}: take it from its file, as \${file:/run/secrets/x.pem}`);
}

function isCertificate(text: string): boolean {
  return doesNotThrow(() => new X509Certificate(text));
}

function isPrivateKey(text: string): boolean {
  return doesNotThrow(() => createPrivateKey(text));
}

function doesNotThrow(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const httpUrl = z
  .url({protocol: /^https?$/, error: 'an address reads as https://digital.example.com'})
  .refine(url => URL.canParse(url) && new URL(url).username === '', 'put no user name or password into an address')
  .refine(url => !/[?#]/.test(url), 'an address has no ? and no #')
  .transform(url => url.replace(/\/+$/, ''));

const tls = z
  .strictObject({
    ca: pem(isCertificate, 'a certificate')
      .optional()
      .describe('PEM of the authorities to trust instead of the well-known ones.'),
    cert: pem(isCertificate, 'a certificate')
      .optional()
      .describe('PEM of the client certificate, where Nexus’ front asks for one.'),
    key: pem(isPrivateKey, 'a private key').optional().describe('PEM of its private key.'),
  })
  .refine(({cert, key}) => (cert === undefined) === (key === undefined), 'cert and key come together');

/** A Nexus platform's settings. `http:` addresses pass here; the configuration warns of them. */
export const nexusOptions = z.strictObject({
  url: httpUrl.describe('Where Nexus is; calls go to {url}/nexus/v3/…'),
  ccid: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'a contact-centre id reads as 45acae06-6b7c-4f97-9c76-471cb5c21bf7')
    .describe('Contact-centre id of the tenant, sent as x-ccid on every call.'),
  tls: tls.prefault({}).describe('TLS towards Nexus.'),
  proxy: z
    .url({protocol: /^https?$/})
    .optional()
    .describe('HTTP proxy towards Nexus, as http://proxy.example.com:3128.'),
  connections: z.int().min(1).max(1000).default(50).describe('Connections to Nexus at most.'),
  connectTimeout: duration.prefault('5s').describe('How long a connection to Nexus may take.'),
  timeout: duration
    .prefault('15s')
    .describe('How long a post to Nexus may take in all; past it the post counts as unanswered.'),
  headers: headerOptions.prefault({}).describe('Custom headers of webhooks (the header:* options of NexusServices).'),
  contract: contractOptions.prefault({}).describe('What Genesys does not publish about its API.'),
  provisioning: z
    .strictObject({apiKey: z.string().min(1).optional().describe('API key the provisioning commands use.')})
    .prefault({})
    .describe('For the provisioning commands only.'),
});

export type NexusOptions = z.output<typeof nexusOptions>;
