import {Agent, type Dispatcher, ProxyAgent, request} from 'undici';
import {z} from 'zod';
import {toPrintable} from '../../src/core/printable.ts';
import {isInvalid, toCode} from './fault-code.ts';
import {ProvisionError} from './target.ts';

/** A tenant of Digital Channels, as its provisioning API is reached. */
export interface Tenant {
  url: string;
  ccid: string;
  apiKey: string;
  tls: {ca?: string | undefined; cert?: string | undefined; key?: string | undefined};
  proxy?: string | undefined;
}

/** A service's document. `hidden`: this system has no GET for it; only POST is public (set-up guide). */
export type Present = {kind: 'document'; document: unknown} | {kind: 'absent'} | {kind: 'hidden'};

export interface NexusAdmin {
  read(service: string): Promise<Present>;
  /** Writes the whole document. Sending it again does no harm. */
  write(service: string, document: unknown): Promise<void>;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  text: string;
}

const timeoutMs = 30_000;
/** Genesys' APIs wrap what they answer; a service has `data` of its own. */
const enveloped = z.looseObject({data: z.looseObject({data: z.looseObject({})})});
const said = z.union([
  z.object({status: z.object({message: z.string()})}).transform(body => body.status.message),
  z.object({error: z.object({message: z.string()})}).transform(body => body.error.message),
  z.object({message: z.string()}).transform(body => body.message),
]);

/** The provisioning API of one tenant. Every failure is a `ProvisionError`. */
export function createNexusAdmin({url, ccid, apiKey, tls, proxy}: Tenant): NexusAdmin {
  const dispatcher = createDispatcher(tls, proxy);
  const toUrl = (service: string) => `${url}/nexus/v3/provisioning/services/${encodeURIComponent(ccid)}/${service}`;
  const headers = {'content-type': 'application/json', 'x-api-key': apiKey, 'x-ccid': ccid};

  async function call(method: 'GET' | 'POST' | 'PUT', service: string, document?: unknown): Promise<Answer> {
    try {
      const {statusCode, body} = await request(toUrl(service), {
        method,
        headers,
        body: document === undefined ? null : JSON.stringify(document),
        dispatcher,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {status: statusCode, text: await body.text()};
    } catch (error) {
      if (isInvalid(error)) {
        const message = `provisioning.apiKey of ${url} holds a character that no header has: copy it again.`;
        throw new ProvisionError('config', message);
      }
      const message = `${url} gave no answer (${toCode(error)}): check the platform's url, the network and the certificate. Running it again is safe.`;
      throw new ProvisionError('unavailable', message);
    }
  }

  return {
    async read(service) {
      const answer = await call('GET', service);
      // A server without this route says so in words of its own, no JSON.
      if (answer.status === 404) return {kind: parse(answer.text) === undefined ? 'hidden' : 'absent'};
      if (answer.status === 405 || answer.status === 501) return {kind: 'hidden'};
      mustBeOk(answer, url, service);
      const document = parse(answer.text);
      if (document === undefined) throw notTheSystem(url);
      const inner = enveloped.safeParse(document);
      return {kind: 'document', document: inner.success ? inner.data.data : document};
    },
    async write(service, document) {
      const answer = await call('POST', service, document);
      mustBeOk(answer.status === 409 ? await call('PUT', service, document) : answer, url, service);
    },
    stop: () => dispatcher.close(),
  };
}

/** Connections to a tenant, by its own certificates and proxy. */
export function createDispatcher({ca, cert, key}: Tenant['tls'], proxy: string | undefined): Dispatcher {
  const tls = {...(ca && {ca}), ...(cert && {cert}), ...(key && {key})};
  return proxy === undefined ? new Agent({connect: tls}) : new ProxyAgent({uri: proxy, requestTls: tls});
}

function mustBeOk({status, text}: Answer, url: string, service: string): void {
  if (/^\s*</.test(text) && status < 400) throw notTheSystem(url);
  if (status >= 200 && status < 300) return;
  const words = said.safeParse(parse(text));
  const says = words.success ? ` It says: ${toPrintable(words.data.slice(0, 300))}` : '';
  if (status >= 300 && status < 400) throw notTheSystem(url);
  if (status === 401 || status === 403) {
    const message = `${url} refuses the API key for the service ${service} (${status}): check provisioning.apiKey and its rights.${says}`;
    throw new ProvisionError('forbidden', message);
  }
  if (status >= 500 || status === 408 || status === 429) {
    throw new ProvisionError('unavailable', `${url} fails (${status}). Running it again is safe.${says}`);
  }
  const message = `${url} refuses the service ${service} (${status}): check the platform's url and ccid.${says}`;
  throw new ProvisionError('refused', message);
}

function notTheSystem(url: string): ProvisionError {
  const message = `${url} does not answer as Digital Channels does: check the platform's url; a log-in page or proxy may stand in between.`;
  return new ProvisionError('refused', message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
