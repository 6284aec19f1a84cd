import {randomUUID} from 'node:crypto';
import {
  type AdminAnswer,
  type AdminRequest,
  type AdminServer,
  type AdminServerOptions,
  createAdminServer,
  isObject,
  refuse,
  toObject,
} from './server.ts';

export interface PretendServicesOptions extends AdminServerOptions {
  ccid: string;
  apiKey: string;
  /** What may create API keys. */
  token?: string;
  /** What a GET of a service shows: all of it, all but secrets, or nothing (405: only POST is public). */
  reads?: 'all' | 'masked' | 'no';
  /** Whether documents are read within `{status, data}`. */
  enveloped?: boolean;
  /** Whether a POST of what is there is a 409, so that only PUT replaces. */
  conflicts?: boolean;
}

export interface PretendServices extends AdminServer {
  /** By name, as they were last written. */
  services: Map<string, Record<string, unknown>>;
  /** API keys by name. */
  apiKeys: Map<string, string>;
}

const mask = '********';

/** The provisioning API of Digital Channels: services of one tenant, and API keys. */
export async function createPretendServices(options: PretendServicesOptions): Promise<PretendServices> {
  const services: PretendServices['services'] = new Map();
  const apiKeys: PretendServices['apiKeys'] = new Map();
  const root = `/nexus/v3/provisioning/services/${encodeURIComponent(options.ccid)}/`;

  const handle = (request: AdminRequest): AdminAnswer => {
    if (request.path === '/nexus/v3/apikeys') return handleKeys(request, options.token, apiKeys);
    if (!request.path.startsWith(root)) return refuse(404, 'Not Found');
    if (request.headers['x-api-key'] !== options.apiKey) return refuse(401, 'Invalid API key');
    if (request.headers['x-ccid'] !== options.ccid) return refuse(403, 'Unknown contact center');
    const name = request.path.slice(root.length);
    return request.method === 'GET' ? read(services.get(name), options) : write(request, name, services, options);
  };

  return {...(await createAdminServer(handle, options)), services, apiKeys};
}

function read(service: Record<string, unknown> | undefined, {reads, enveloped}: PretendServicesOptions): AdminAnswer {
  if (reads === 'no') return refuse(405, 'Method Not Allowed');
  if (service === undefined) return refuse(404, 'No such service');
  const shown = reads === 'masked' ? {...service, secret: withoutTexts(service.secret)} : service;
  return {status: 200, body: enveloped ? {status: {code: 0}, data: shown} : shown};
}

function write(
  {method, body}: AdminRequest,
  name: string,
  services: PretendServices['services'],
  {conflicts}: PretendServicesOptions,
): AdminAnswer {
  const document = toObject(body);
  if (method !== 'POST' && method !== 'PUT') return refuse(405, 'Method Not Allowed');
  if (document === undefined || !isObject(document.data)) return refuse(400, 'The body is no service');
  if (method === 'POST' && conflicts && services.has(name)) return refuse(409, 'The service exists');
  services.set(name, document);
  return {status: 200, body: {status: {code: 0}}};
}

function handleKeys(request: AdminRequest, token: string | undefined, apiKeys: Map<string, string>): AdminAnswer {
  if (request.headers.authorization !== `Bearer ${token}`) return refuse(401, 'Invalid token');
  if (request.method === 'GET') {
    return {status: 200, body: {status: {code: 0}, data: [...apiKeys].map(([name]) => ({name, enabled: true}))}};
  }
  const wanted = toObject(request.body)?.data;
  if (!isObject(wanted) || typeof wanted.name !== 'string') return refuse(400, 'The body is no key');
  const id = randomUUID();
  apiKeys.set(wanted.name, id);
  return {status: 200, body: {status: {code: 0}, data: {id, ...wanted}}};
}

/** Every text but a channel's id gives way to a mask. */
function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string') return mask;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'channelId' ? item : withoutTexts(item)]),
  );
}
