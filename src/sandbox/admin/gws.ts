import {randomUUID} from 'node:crypto';
import {
  type AdminAnswer,
  type AdminRequest,
  type AdminServer,
  type AdminServerOptions,
  createAdminServer,
  isObject,
  toObject,
} from './server.ts';

export interface PretendGwsOptions extends AdminServerOptions {
  user: string;
  password: string;
  /** The client of the authentication service. */
  clientId?: string;
  clientSecret?: string;
  /** What the transaction's options are at first. */
  annex?: Sections;
}

export type Sections = Record<string, Record<string, string>>;

export interface PretendGws extends AdminServer {
  /** What the authentication service grants. */
  token: string;
  /** The options of `NexusServices` as they are. */
  annex: Sections;
}

const dbid = '217';
const path = '/api/v2/platform/configuration/transactions';

/** The configuration calls of Web Services and Applications for `NexusServices`, and the authentication service's token. */
export async function createPretendGws(options: PretendGwsOptions): Promise<PretendGws> {
  const {user, password, clientId = 'external_api_client', clientSecret = ''} = options;
  const token = randomUUID();
  const annex: Sections = structuredClone(options.annex ?? {});

  const handle = (request: AdminRequest): AdminAnswer => {
    const {authorization} = request.headers;
    if (request.path === '/auth/v3/oauth/token') {
      const known = authorization === toBasic(clientId, clientSecret) && isLogin(request, user, password);
      if (!known) return {status: 401, body: {error: 'unauthorized', error_description: 'Bad credentials'}};
      return {status: 200, body: {access_token: token, token_type: 'bearer', expires_in: 43_199}};
    }
    if (request.path !== path) return refuse(404, 6, 'Resource not found');
    if (authorization !== toBasic(user, password)) return refuse(401, 2, 'Access denied');
    if (request.method === 'GET') {
      const found = request.query.get('name') === 'NexusServices';
      const transactions = found ? [{DBID: dbid, name: 'NexusServices', userProperties: annex}] : [];
      return {status: 200, body: {statusCode: 0, transactions}};
    }
    return request.method === 'PUT' ? change(request, annex) : refuse(405, 1, 'Method not allowed');
  };

  return {...(await createAdminServer(handle, options)), token, annex};
}

/** New sections and keys stand in the object, changed and deleted ones beside it; an empty section deletes it. */
function change({body}: AdminRequest, annex: Sections): AdminAnswer {
  const delta = toObject(body)?.['delta-transaction'];
  if (!isObject(delta) || !isObject(delta.CfgTransaction) || delta.CfgTransaction.DBID !== dbid) {
    return refuse(500, 4, 'Platform exception: No object found for the delta');
  }
  merge(annex, delta.CfgTransaction.userProperties);
  merge(annex, delta.changedUserProperties);
  if (isObject(delta.deletedUserProperties)) {
    for (const [section, options] of Object.entries(delta.deletedUserProperties)) remove(annex, section, options);
  }
  return {status: 200, body: {statusCode: 0}};
}

function remove(annex: Sections, section: string, options: unknown): void {
  const keys = isObject(options) ? Object.keys(options) : [];
  if (keys.length === 0) delete annex[section];
  else annex[section] = Object.fromEntries(Object.entries(annex[section] ?? {}).filter(([key]) => !keys.includes(key)));
}

function merge(annex: Sections, sections: unknown): void {
  if (!isObject(sections)) return;
  for (const [section, options] of Object.entries(sections)) {
    if (isObject(options)) annex[section] = {...annex[section], ...toTexts(options)};
  }
}

function toTexts(options: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)]));
}

function isLogin({body}: AdminRequest, user: string, password: string): boolean {
  const form = new URLSearchParams(body.toString('utf8'));
  return form.get('grant_type') === 'password' && form.get('username') === user && form.get('password') === password;
}

function toBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function refuse(status: number, statusCode: number, statusMessage: string): AdminAnswer {
  return {status, body: {statusCode, statusMessage}};
}
