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

export interface PretendGaxOptions extends AdminServerOptions {
  user: string;
  password: string;
  /** What the transaction's annex holds at first. */
  annex?: readonly GaxOption[];
  /** Several: the transaction of several tenants. 0: it was never made. */
  transactions?: number;
}

export interface GaxOption {
  section: string;
  key: string;
  value: string;
}

export interface PretendGax extends AdminServer {
  /** The object `NexusServices`, as it was last written. */
  transaction(): Record<string, unknown>;
  /** Its options. */
  annex(): readonly GaxOption[];
  /** Takes the place of its options, as an import by a person does. */
  setAnnex(annex: readonly GaxOption[]): void;
}

const dbid = '217';

/** The REST calls of Genesys Administrator Extension that public clients make: log in, read a transaction, write it whole. */
export async function createPretendGax(options: PretendGaxOptions): Promise<PretendGax> {
  const session = `JSESSIONID=${randomUUID()}`;
  let stored: Record<string, unknown> = {
    type: 'CfgTransaction',
    dbid,
    name: 'NexusServices',
    alias: 'NexusServices',
    subtype: 'CFGTRTList',
    state: 'CFGEnabled',
    userproperties: {property: options.annex ?? []},
  };

  const handle = (request: AdminRequest): AdminAnswer => {
    if (request.path === '/gax/api/session/login') return logIn(request, options, session);
    if (!request.headers.cookie?.includes(session)) return refuse(401, 'Not logged in');
    if (request.method === 'GET' && request.path === '/gax/api/cfg/objects') {
      const fits = request.query.get('type') === 'CfgTransaction' && request.query.get('name') === 'NexusServices';
      return {status: 200, body: Array(fits ? (options.transactions ?? 1) : 0).fill(stored)};
    }
    if (request.method !== 'PUT' || request.path !== `/gax/api/cfg/objects/CfgTransaction/${dbid}`) {
      return refuse(404, 'Not Found');
    }
    const object = toObject(request.body);
    if (object?.dbid !== dbid || !isObject(object.userproperties)) return refuse(400, 'Not this object');
    stored = object;
    return {status: 204};
  };

  return {
    ...(await createAdminServer(handle, options)),
    transaction: () => stored,
    annex: () => toOptions(stored.userproperties),
    setAnnex(property) {
      stored = {...stored, userproperties: {property}};
    },
  };
}

function toOptions(userproperties: unknown): GaxOption[] {
  const property = isObject(userproperties) ? userproperties.property : undefined;
  const all: unknown[] = Array.isArray(property) ? property : [];
  return all.filter(isObject).map(({section, key, value}) => ({
    section: String(section),
    key: String(key),
    value: String(value),
  }));
}

function logIn({body}: AdminRequest, {user, password}: PretendGaxOptions, session: string): AdminAnswer {
  const login = toObject(body);
  if (login?.username !== user || login.password !== password) return refuse(401, 'Wrong user or password');
  return {status: 200, headers: {'set-cookie': `${session}; Path=/gax; HttpOnly`}, body: {username: user}};
}
