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

export interface ServicesOptions {
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
  /** Told of each document that is written. */
  onWrite?(name: string, document: Record<string, unknown>): void;
}

export type PretendServicesOptions = ServicesOptions & AdminServerOptions;

export interface Services {
  /** By name, as they were last written. */
  services: Map<string, Record<string, unknown>>;
  /** API keys by name. */
  apiKeys: Map<string, string>;
}

export type PretendServices = Services & AdminServer;

const mask = '********';

/** The provisioning API of Digital Channels, on a port of its own. */
export async function createPretendServices(options: PretendServicesOptions): Promise<PretendServices> {
  const {handle, ...services} = createServices(options);
  return {...(await createAdminServer(handle, options)), ...services};
}

/** Services of one tenant, and API keys. */
export function createServices(options: ServicesOptions): Services & {handle(request: AdminRequest): AdminAnswer} {
  const services: Services['services'] = new Map();
  const apiKeys: Services['apiKeys'] = new Map();
  const root = `/nexus/v3/provisioning/services/${encodeURIComponent(options.ccid)}/`;

  const handle = (request: AdminRequest): AdminAnswer => {
    if (request.path === '/nexus/v3/apikeys') return handleKeys(request, options.token, apiKeys);
    if (!request.path.startsWith(root)) return refuse(404, 'Not Found');
    if (request.headers['x-api-key'] !== options.apiKey) return refuse(401, 'Invalid API key');
    if (request.headers['x-ccid'] !== options.ccid) return refuse(403, 'Unknown contact center');
    const name = request.path.slice(root.length);
    return request.method === 'GET' ? read(services.get(name), options) : write(request, name, services, options);
  };

  return {handle, services, apiKeys};
}

function read(service: Record<string, unknown> | undefined, {reads, enveloped}: ServicesOptions): AdminAnswer {
  if (reads === 'no') return refuse(405, 'Method Not Allowed');
  if (service === undefined) return refuse(404, 'No such service');
  const shown = reads === 'masked' ? {...service, secret: withoutTexts(service.secret)} : service;
  return {status: 200, body: enveloped ? {status: {code: 0}, data: shown} : shown};
}

function write(
  {method, body}: AdminRequest,
  name: string,
  services: Services['services'],
  {conflicts, onWrite}: ServicesOptions,
): AdminAnswer {
  const document = toObject(body);
  if (method !== 'POST' && method !== 'PUT') return refuse(405, 'Method Not Allowed');
  if (document === undefined || !isObject(document.data)) return refuse(400, 'The body is no service');
  if (method === 'POST' && conflicts && services.has(name)) return refuse(409, 'The service exists');
  services.set(name, document);
  onWrite?.(name, document);
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
