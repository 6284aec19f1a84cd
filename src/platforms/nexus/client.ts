import {type Dispatcher, Pool, ProxyAgent} from 'undici';
import {createDeadlines, type Deadlines} from './deadlines.ts';
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
  const deadlines = createDeadlines(options.timeout);

  return {
    call: ({method, path, headers, body, maxAnswerBytes = mostAnswerBytes}) =>
      new Promise(resolve => {
        const {handler, fail} = createExchange(maxAnswerBytes, deadlines, resolve);
        try {
          dispatcher.dispatch({origin, path: prefix + path, method, headers, body: body ?? null}, handler);
        } catch (error) {
          fail(error);
        }
      }),

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
  /** Each call has its own deadline, for all of it: the pool needs none. */
  const limits = {
    connections: options.connections,
    headersTimeout: 0,
    bodyTimeout: 0,
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

/**
 * One request and its answer, read as its bytes come: the pool's own streams would cost more than the call. Once the status has come the answer
 * counts, whatever happens to the body.
 */
function createExchange(
  maxBytes: number,
  deadlines: Deadlines,
  settle: (result: Answer | Failure) => void,
): {handler: Dispatcher.DispatchHandler; fail(error: unknown): void} {
  const chunks: Buffer[] = [];
  let size = 0;
  let head: Pick<Answer, 'status' | 'retryAfter' | 'contentType'> | undefined;
  let request: Dispatcher.DispatchController | undefined;
  let isOver = false;
  const deadline = deadlines.begin(late);

  function late(): void {
    end(false, {failed: request === undefined ? 'unreached' : 'lost', code: tookTooLong});
    request?.abort(new Error(tookTooLong));
  }

  function end(whole: boolean, failure: Failure): void {
    if (isOver) return;
    isOver = true;
    deadlines.clear(deadline);
    settle(head === undefined ? failure : {...head, body: toBody(chunks, maxBytes), whole});
  }

  const fail = (error: unknown) => end(false, toFailure(error));
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      request = controller;
      if (isOver) controller.abort(new Error(tookTooLong));
    },
    onResponseStart(_, status, headers) {
      head = {status, retryAfter: firstOf(headers['retry-after']), contentType: firstOf(headers['content-type'])};
    },
    onResponseData(controller, chunk) {
      chunks.push(chunk);
      size += chunk.length;
      if (size < maxBytes || isOver) return;
      end(true, noAnswer);
      controller.abort(new Error(enough));
    },
    onResponseEnd: () => end(true, noAnswer),
    onResponseError: (_, error) => fail(error),
  };
  return {handler, fail};
}

/** Most answers come in one piece. */
function toBody(chunks: readonly Buffer[], maxBytes: number): Buffer {
  const [first] = chunks;
  return (chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).subarray(0, maxBytes);
}

const tookTooLong = 'UND_ERR_ABORTED';
const enough = 'the rest of the answer is not wanted';
const noAnswer: Failure = {failed: 'lost', code: 'UND_ERR_SOCKET'};

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
