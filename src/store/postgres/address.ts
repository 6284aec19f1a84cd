import {readFileSync} from 'node:fs';
import {checkServerIdentity} from 'node:tls';
import type {ClientConfig} from 'pg';
import {toHash} from '../keys.ts';
import {StoreRefused} from '../refused.ts';

/** Where the database is and how it is spoken to: `postgres://user:password@host:5432/database?schema=…&sslmode=…&sslrootcert=…&pooler=transaction`. */
export interface Address {
  config: ClientConfig;
  schema: string;
  /** Behind a pooler that gives each transaction another connection: nothing is prepared, nothing is listened to. */
  isPooled: boolean;
  /** For people: no user, no password. */
  name: string;
  toLockKey(key: string): number;
}

const defaultSchema = 'nexus_gateway';
const known = ['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'pooler', 'application_name'];
const modes = ['disable', 'require', 'verify-ca', 'verify-full'];

export function parseAddress(url: string): Address {
  const parsed = parseUrl(url);
  const {searchParams: parameters} = parsed;
  const strange = [...parameters.keys()].filter(name => !known.includes(name));
  if (strange.length > 0) throw refuse(`knows no ${strange.join(', ')}; it may have ${known.join(', ')}`);
  const schema = parameters.get('schema') ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw refuse('has a schema that is not lower-case letters, digits and _');
  const pooler = parameters.get('pooler') ?? 'none';
  if (pooler !== 'none' && pooler !== 'transaction') throw refuse('has a pooler that is neither none nor transaction');
  const host = decode(parsed.hostname).replace(/^\[|\]$/g, '');
  const database = decode(parsed.pathname.slice(1));
  if (host === '' || database === '') throw refuse('lacks a host or a database');
  return {
    config: {
      host,
      port: Number(parsed.port || 5432),
      user: decode(parsed.username),
      password: decode(parsed.password),
      database,
      application_name: parameters.get('application_name') ?? 'nexus-async-gateway',
      keepAlive: true,
      ssl: toTls(parameters, host),
    },
    schema,
    isPooled: pooler === 'transaction',
    name: `${host}:${parsed.port || 5432}/${database}, schema ${schema}`,
    toLockKey: key => toHash('nexus-async-gateway', schema, key),
  };
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw refuse('is no URL');
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('has a % that begins no escape, in a password perhaps (% itself is written %25)');
  }
}

function refuse(why: string): StoreRefused {
  return new StoreRefused(`store ${why}; write it as postgres://user:password@host:5432/database?sslmode=verify-full`);
}

/** As libpq has them: `require` encrypts, and checks the chain when a root is given; `verify-ca` checks it; `verify-full` the host's name as well. */
function toTls(parameters: URLSearchParams, host: string): ClientConfig['ssl'] {
  const mode = parameters.get('sslmode') ?? (parameters.has('sslrootcert') ? 'verify-full' : 'disable');
  if (!modes.includes(mode)) throw refuse(`has an sslmode that is none of ${modes.join(', ')}`);
  if (mode === 'disable') return false;
  const ca = read(parameters, 'sslrootcert');
  return {
    ca,
    cert: read(parameters, 'sslcert'),
    key: read(parameters, 'sslkey'),
    rejectUnauthorized: mode !== 'require' || ca !== undefined,
    // Of a host that is an address Node would check the name localhost.
    checkServerIdentity: (_, certificate) =>
      mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
  };
}

function read(parameters: URLSearchParams, name: string): string | undefined {
  const path = parameters.get(name);
  if (path === null) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw refuse(`names a file in ${name} that can't be read`);
  }
}
