import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {type AdminFault, createAdminFaults} from './faults.ts';

/** One call as it came. */
export interface AdminRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `body`: text goes out as it is, anything else as JSON. */
export interface AdminAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface AdminServerOptions {
  /** 0, the default: any free one. */
  port?: number;
  host?: string;
}

export interface AdminServer {
  url: string;
  /** Every call in the order it came, bodies byte for byte, whatever it was answered. */
  requests: AdminRequest[];
  /** Answers otherwise from now on; the function answered ends it. */
  fault(fault: AdminFault): () => void;
  stop(): Promise<void>;
}

const maxBodyBytes = 5 * 1024 * 1024;

/** A system's administration over HTTP, from the outside: `handle` is what it does, a fault what it does instead. */
export async function createAdminServer(
  handle: (request: AdminRequest) => AdminAnswer | Promise<AdminAnswer>,
  {port = 0, host = '127.0.0.1'}: AdminServerOptions = {},
): Promise<AdminServer> {
  const requests: AdminRequest[] = [];
  const faults = createAdminFaults();

  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = faults.next(request);
    if (fault === undefined) return reply(response, await handle(request));
    if (fault.processed) await handle(request);
    if (fault.delayMs !== undefined) await setTimeout(fault.delayMs);
    if (fault.silence === 'hang') return;
    if (fault.silence === 'drop') return response.destroy();
    reply(response, {status: fault.status ?? 200, headers: fault.headers ?? {}, body: fault.body});
  };

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host}:${address.port}`,
    requests,
    fault: faults.add,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** The envelope of Genesys' administration APIs: a code and words. */
export function refuse(status: number, message: string): AdminAnswer {
  return {status, body: {status: {code: status, message}}};
}

/** Undefined where it is no JSON object. */
export function toObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readRequest(incoming: IncomingMessage): Promise<AdminRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('body too large');
    chunks.push(chunk);
  }
  const {pathname, searchParams} = new URL(incoming.url ?? '/', 'http://host');
  const {method = '', headers} = incoming;
  return {method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks)};
}

function reply(response: ServerResponse, {status, headers, body}: AdminAnswer): void {
  const isText = typeof body === 'string' || body === undefined;
  const type = isText ? {} : {'content-type': 'application/json'};
  response.writeHead(status, {...type, ...headers}).end(isText ? body : JSON.stringify(body));
}
