import {Agent, request} from 'undici';
import {z} from 'zod';
import {type Transaction, transaction} from './annex.ts';
import {toCode} from './fault-code.ts';
import type {SectionsAdmin} from './sections-target.ts';
import {ProvisionError} from './target.ts';

export interface GaxLogin {
  url: string;
  user: string;
  password: string;
}

const timeoutMs = 30_000;
const query = 'brief=false&type=CfgTransaction&name=NexusServices';

/** `NexusServices` by Genesys Administrator Extension. Genesys does not document these calls; public clients make them. */
export function createGaxAdmin({url, user, password}: GaxLogin): SectionsAdmin {
  const dispatcher = new Agent();
  let cookie: Promise<string> | undefined;

  async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, session?: string) {
    try {
      const answer = await request(`${url}/gax/api/${path}`, {
        method,
        headers: {'content-type': 'application/json', ...(session && {cookie: session})},
        body: body === undefined ? null : JSON.stringify(body),
        dispatcher,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {status: answer.statusCode, headers: answer.headers, text: await answer.body.text()};
    } catch (error) {
      throw new ProvisionError(
        'unavailable',
        `${url} gave no answer (${toCode(error)}): check GAX_URL, the network and the certificate. Running it again is safe.`,
      );
    }
  }

  async function logIn(): Promise<string> {
    const answer = await call('POST', 'session/login', {username: user, password, isPasswordEncrypted: false});
    mustBeOk(answer.status, url);
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map(line => line.split(';')[0]);
    if (cookies.length > 0) return cookies.join('; ');
    const message = `${url} logged in without a session: its version may want an encrypted password. Use export cfg.`;
    throw new ProvisionError('forbidden', message);
  }

  async function callInSession(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<string> {
    cookie ??= logIn();
    const answer = await call(method, path, body, await cookie);
    mustBeOk(answer.status, url);
    return answer.text;
  }

  return {
    async read() {
      const [object, ...others] = parseObjects(await callInSession('GET', `cfg/objects?${query}`), url);
      if (object !== undefined && others.length === 0) return object;
      const message =
        object === undefined
          ? `${url} has no transaction NexusServices: it comes with the tenant's set-up.`
          : `${url} has several transactions NexusServices, of several tenants: use export cfg and import it into the right one.`;
      throw new ProvisionError('held back', message);
    },
    async write(object) {
      await callInSession('PUT', `cfg/objects/CfgTransaction/${encodeURIComponent(object.dbid)}`, object);
    },
    stop: () => dispatcher.close(),
  };
}

function parseObjects(text: string, url: string): Transaction[] {
  try {
    return z.array(transaction).parse(JSON.parse(text));
  } catch {
    throw new ProvisionError('refused', `${url} shows NexusServices in a form that is not known here: use export cfg.`);
  }
}

function mustBeOk(status: number, url: string): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) {
    throw new ProvisionError(
      'forbidden',
      `${url} refuses GAX_USER and GAX_PASSWORD (${status}), or the user lacks the right.`,
    );
  }
  if (status >= 500) throw new ProvisionError('unavailable', `${url} fails (${status}). Running it again is safe.`);
  throw new ProvisionError('refused', `${url} refuses the call (${status}): check GAX_URL, or use export cfg.`);
}
