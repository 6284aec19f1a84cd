import {request} from 'undici';
import {z} from 'zod';
import {isInvalid, toCode} from './fault-code.ts';
import {createDispatcher, type Tenant} from './nexus-admin.ts';
import {ProvisionError} from './target.ts';

export interface ApiKeyWanted {
  name: string;
  /** Of the authentication service (`provisioning/gws-token.sh` gets one). */
  token: string;
}

const timeoutMs = 30_000;
const path = '/nexus/v3/apikeys';

const listed = z.object({data: z.array(z.looseObject({name: z.string()}))});
/** The form of the answer is not published. */
const created = z.union([
  z.object({data: z.object({id: z.string()})}).transform(({data}) => data.id),
  z.object({data: z.object({apiKey: z.string()})}).transform(({data}) => data.apiKey),
  z.object({id: z.string()}).transform(({id}) => id),
]);

/** Creates a cluster API key, which provisioning needs; answers it. It can't be read again. Every failure is a `ProvisionError`. */
export async function createApiKey(
  {url, tls, proxy}: Omit<Tenant, 'apiKey' | 'ccid'>,
  {name, token}: ApiKeyWanted,
): Promise<string> {
  const dispatcher = createDispatcher(tls, proxy);
  const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'};

  async function call(method: 'GET' | 'POST', body: string | null) {
    const options = {method, headers, body, dispatcher, signal: AbortSignal.timeout(timeoutMs)};
    const answer = await request(url + path, options);
    return {status: answer.statusCode, body: parse(await answer.body.text())};
  }

  try {
    const before = listed.safeParse((await call('GET', null).catch(unanswered(url, 'nothing was created'))).body);
    if (before.success && before.data.data.some(key => key.name === name)) {
      throw new ProvisionError(
        'held back',
        `${url} has a key named ${name}: say another with --name, or use that one.`,
      );
    }
    const data = {enabled: true, tenant: '*', name, permissions: ['nexus:cluster:*']};
    const may = 'the key may have been created: look in Provisioning > API Keys before you run this again';
    const answer = await call('POST', JSON.stringify({data})).catch(unanswered(url, may));
    mustBeOk(url, answer.status);
    const key = created.safeParse(answer.body);
    if (key.success) return key.data;
    throw new ProvisionError('refused', `${url} answered without the key: look in Provisioning > API Keys.`);
  } finally {
    await dispatcher.close();
  }
}

function unanswered(url: string, what: string) {
  return (error: unknown): never => {
    if (isInvalid(error)) {
      throw new ProvisionError('config', 'GWS_TOKEN holds a character that no header has: copy it again.');
    }
    throw new ProvisionError('unavailable', `${url} gave no answer (${toCode(error)}); ${what}.`);
  };
}

function mustBeOk(url: string, status: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) {
    throw new ProvisionError(
      'forbidden',
      `${url} refuses the token in GWS_TOKEN (${status}): get a new one, of a user who may create keys.`,
    );
  }
  throw new ProvisionError(
    status >= 500 ? 'unavailable' : 'refused',
    `${url} did not create the key (${status}): check the platform's url.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
