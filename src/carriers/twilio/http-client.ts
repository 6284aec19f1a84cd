import http from 'node:http';
import https from 'node:https';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import {createAgent} from './agent.ts';
import {ApiFault} from './api-fault.ts';
import {type ApiPlace, toApiUrl, toForm} from './api-url.ts';
import {extraHeaders} from './extra-headers.ts';

export interface HttpClientOptions extends ApiPlace {
  ca?: string | undefined;
  proxy?: string | undefined;
  connectTimeoutMs: number;
  responseTimeoutMs: number;
}

export interface HttpClient {
  request(options: RequestClient.RequestOptions): Promise<{statusCode: number; body: unknown; headers: unknown}>;
  /** Those waiting for an answer are cut off. */
  close(): void;
}

/** A thousand messages in one list, each of thousands of letters that JSON may write as six. */
const longestAnswer = 32 * 1024 * 1024;

/**
 * What the official library calls instead of its own client. Resolves only for a readable answer of 2XX and rejects only with `ApiFault`,
 * which knows whether bytes left and carries neither the request nor its credentials.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const secure = options.apiUrl.startsWith('https:');
  const agent = createAgent({...options, secure});
  const {request} = secure ? https : http;

  return {
    async request(call) {
      const url = toApiUrl(call.uri, call.params ?? {}, options);
      const form = call.data === undefined ? undefined : toForm(call.data).toString();
      const headers = {
        ...extraHeaders(),
        ...call.headers,
        ...(form === undefined ? {} : {'content-length': Buffer.byteLength(form)}),
        authorization: `Basic ${Buffer.from(`${call.username}:${call.password}`).toString('base64')}`,
      };
      const outgoing = request(url, {method: call.method.toUpperCase(), headers, agent});
      return toAnswer(await exchange(outgoing, form, options.responseTimeoutMs));
    },
    close() {
      agent.destroy();
    },
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Undefined when it broke off or was too long. */
  body: string | undefined;
}

/** The agent hands out a socket only once it is connected (and, with TLS, verified): from that moment bytes leave. */
function exchange(outgoing: http.ClientRequest, form: string | undefined, responseTimeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let bytesLeft = false;
    let timer: NodeJS.Timeout | undefined;
    const fail = (code: string) => {
      clearTimeout(timer);
      reject(new ApiFault({kind: bytesLeft ? 'lost' : 'unreachable', code}));
    };
    outgoing.on('socket', () => {
      bytesLeft = true;
      timer = setTimeout(() => {
        fail('ETIMEDOUT');
        outgoing.destroy();
      }, responseTimeoutMs);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'ECONNRESET'));
    outgoing.on('response', response => {
      void readBody(response).then(body => {
        clearTimeout(timer);
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      });
    });
    outgoing.end(form);
  });
}

async function readBody(response: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > longestAnswer) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toAnswer(answer: Answer): {statusCode: number; body: unknown; headers: unknown} {
  const body = parse(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    if (body === undefined && answer.status !== 204) throw new ApiFault({kind: 'unreadable', status: answer.status});
    return {statusCode: answer.status, body, headers: answer.headers};
  }
  const retryAfterMs = toRetryAfterMs(answer.headers['retry-after']);
  throw new ApiFault({
    kind: 'answered',
    status: answer.status,
    ...(typeof body?.code === 'number' ? {twilioCode: body.code} : {}),
    ...(typeof body?.message === 'string' ? {words: body.message} : {}),
    ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
  });
}

function parse(body: string | undefined): {code?: unknown; message?: unknown} | undefined {
  try {
    const parsed: unknown = JSON.parse(body ?? '');
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds only: a date would need a clock, and Twilio sends none. */
function toRetryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
