import {type Dispatcher, Pool, ProxyAgent} from 'undici';
import type {NexusOptions} from './options.ts';

/** HTTP towards one Nexus: a pool of keep-alive connections, one deadline for all of a call. */
export interface Client {
  /** Never rejects: what no answer came to is told as `lost` (bytes may have left) or `unreached` (none has). */
  call(request: Request): Promise<Answer | Failure>;
  stop(): Promise<void>;
}

export interface Request {
  method: 'POST' | 'GET';
  /** After the url. */
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array;
  maxAnswerBytes?: number;
}

export interface Answer {
  status: number;
  retryAfter: string | undefined;
  contentType: string | undefined;
  /** At most `maxAnswerBytes` of it. */
  body: Buffer;
  /** Whether the body came to its end. */
  whole: boolean;
}

export interface Failure {
  failed: 'lost' | 'unreached';
  /** A code of the network or the HTTP client: `ECONNREFUSED`, `UND_ERR_SOCKET`. Never their objects. */
  code: string;
}

const mostAnswerBytes = 65_536;
const stopMs = 2000;

export function createClient(options: NexusOptions): Client {
  const {origin, pathname} = new URL(options.url);
  const prefix = pathname.replace(/\/+$/, '');
  const dispatcher = createDispatcher(origin, options);

  return {
    async call({method, path, headers, body, maxAnswerBytes = mostAnswerBytes}) {
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), options.timeout);
      try {
        const answer = await dispatcher.request({
          origin,
          path: prefix + path,
          method,
          headers,
          body: body ?? null,
          signal: deadline.signal,
        });
        return {
          status: answer.statusCode,
          retryAfter: firstOf(answer.headers['retry-after']),
          contentType: firstOf(answer.headers['content-type']),
          ...(await readBounded(answer.body, maxAnswerBytes)),
        };
      } catch (error) {
        return toFailure(error);
      } finally {
        clearTimeout(timer);
      }
    },

    async stop() {
      const timer = setTimeout(() => void dispatcher.destroy(), stopMs);
      await dispatcher.close().catch(() => undefined);
      clearTimeout(timer);
    },
  };
}

function createDispatcher(origin: string, options: NexusOptions): Dispatcher {
  const {ca, cert, key} = options.tls;
  const tls = {
    ...(ca === undefined ? {} : {ca}),
    ...(cert === undefined ? {} : {cert}),
    ...(key === undefined ? {} : {key}),
  };
  const limits = {
    connections: options.connections,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
    allowH2: false,
  };
  if (options.proxy === undefined)
    return new Pool(origin, {...limits, connect: {...tls, timeout: options.connectTimeout}});
  return new ProxyAgent({
    ...limits,
    uri: options.proxy,
    requestTls: {...tls, timeout: options.connectTimeout},
    proxyTls: {timeout: options.connectTimeout},
  });
}

/** The status has come: whatever happens to the body, the answer counts. */
async function readBounded(body: Dispatcher.ResponseData['body'], maxBytes: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  let whole = true;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) break;
    }
  } catch {
    whole = false;
  }
  return {body: Buffer.concat(chunks).subarray(0, maxBytes), whole};
}

/** Failures of name look-up, connection and TLS come before the first byte of a request; all others may come after it. */
const unreached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_DESTROYED|UND_ERR_CLOSED|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+|SELF_SIGNED\w*|DEPTH_ZERO\w*|HOSTNAME_MISMATCH)$/;

function toFailure(error: unknown): Failure {
  const code = codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
  return {failed: unreached.test(code) ? 'unreached' : 'lost', code};
}

/** `AggregateError` of a host with several addresses carries the code itself; wrapped causes keep theirs. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
