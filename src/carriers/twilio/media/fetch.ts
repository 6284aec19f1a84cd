import http from 'node:http';
import https from 'node:https';
import type {Reason, ReasonCode} from '../../../core/message.ts';
import type {Refused, Unavailable} from '../../../core/outcome.ts';
import type {MediaFile} from '../../carrier.ts';
import {isForbiddenHost, lookupPublic} from './guard.ts';

export interface MediaFetchOptions {
  /** Origin of the API: called whatever its address, with credentials. */
  apiUrl: string;
  username: string;
  password: string;
  ca?: string | undefined;
  /** With it only Twilio's own hosts are asked: where other names lead can't be seen. */
  proxy?: string | undefined;
  mostBytes: number;
  timeoutMs: number;
}

const mostRedirects = 3;
const mostAtOnce = 4;

type Step = MediaFile | Refused | Unavailable | {kind: 'redirect'; url: URL};

/**
 * Files of inbound messages. Credentials go to Twilio's own hosts alone, never along a redirect to another; no private address is
 * called whatever name or redirect leads there; size and time are bounded.
 */
export function createMediaFetch(options: MediaFetchOptions) {
  const {ca, proxy} = options;
  const settings = {
    ...(ca === undefined ? {} : {ca}),
    ...(proxy === undefined ? {} : {proxyEnv: {HTTP_PROXY: proxy, HTTPS_PROXY: proxy}}),
  };
  const agents = {http: new http.Agent(settings), https: new https.Agent(settings)};
  let running = 0;

  async function follow(start: string): Promise<MediaFile | Refused | Unavailable> {
    const deadline = AbortSignal.timeout(options.timeoutMs);
    let url = URL.parse(start);
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const refusal = judge(url);
      if (url === null || refusal !== undefined) return refusal ?? refuse('The file has no readable address');
      const step = await ask(url, deadline);
      if (step.kind !== 'redirect') return step;
      url = step.url;
    }
    return refuse('The file’s address redirects too often');
  }

  function judge(url: URL | null): Refused | undefined {
    if (url === null) return refuse('The file has no readable address');
    if (isTrusted(url)) return undefined;
    if (url.protocol !== 'https:') return refuse('The file’s address is not https');
    if (isForbiddenHost(url.hostname)) return refuse('The file’s address is in a private network');
    if (proxy !== undefined && !isTwilio(url))
      return refuse('Through the proxy only Twilio’s own hosts are asked for files');
    return undefined;
  }

  function isTrusted(url: URL): boolean {
    return url.origin === new URL(options.apiUrl).origin;
  }

  function ask(url: URL, signal: AbortSignal): Promise<Step> {
    const trusted = isTrusted(url);
    const basic = Buffer.from(`${options.username}:${options.password}`).toString('base64');
    return new Promise(resolve => {
      const request = url.protocol === 'https:' ? https.get : http.get;
      const outgoing = request(url, {
        agent: url.protocol === 'https:' ? agents.https : agents.http,
        signal,
        headers: {accept: '*/*', ...(trusted || isTwilio(url) ? {authorization: `Basic ${basic}`} : {})},
        ...(trusted || proxy !== undefined ? {} : {lookup: lookupPublic}),
      });
      outgoing.on('response', response => resolve(read(url, response, options.mostBytes)));
      outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(toFailure(error.code)));
    });
  }

  return {
    async fetch(url: string): Promise<MediaFile | Refused | Unavailable> {
      if (running >= mostAtOnce) return later('Too many files are being fetched; ask again');
      running += 1;
      try {
        return await follow(url);
      } finally {
        running -= 1;
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function isTwilio(url: URL): boolean {
  return url.protocol === 'https:' && /(^|\.)twilio\.com$/i.test(url.hostname) && url.port === '';
}

async function read(url: URL, response: http.IncomingMessage, mostBytes: number): Promise<Step> {
  const status = response.statusCode ?? 0;
  const {location} = response.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    response.destroy();
    const next = URL.parse(location, url.href);
    return next === null ? refuse('The file’s address redirects to no address') : {kind: 'redirect', url: next};
  }
  if (status !== 200) {
    response.destroy();
    return status >= 500 || status === 429 || status === 408 || status === 404
      ? later(`The file’s host answered HTTP ${status}`)
      : refuse(`The file’s host answered HTTP ${status}`);
  }
  return readFile(response, mostBytes);
}

async function readFile(response: http.IncomingMessage, mostBytes: number): Promise<MediaFile | Refused | Unavailable> {
  const tooLong = () => {
    response.destroy();
    return refuse(`The file is larger than ${mostBytes} bytes`, 'InvalidMediaContentLength');
  };
  if (Number(response.headers['content-length'] ?? 0) > mostBytes) return tooLong();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > mostBytes) return tooLong();
      chunks.push(chunk);
    }
  } catch {
    return later('The file broke off');
  }
  const contentType = response.headers['content-type'] ?? 'application/octet-stream';
  return {kind: 'fetched', contentType, body: Buffer.concat(chunks)};
}

function toFailure(code: string | undefined): Refused | Unavailable {
  if (code === 'EPRIVATE') return refuse('The file’s host leads into a private network');
  return later(`The file’s host could not be asked (${code ?? 'no code'})`);
}

function refuse(message: string, code: ReasonCode = 'MediaTypeNotAllowed'): Refused {
  return {kind: 'refused', scope: 'message', reason: toReason(code, message)};
}

function later(message: string): Unavailable {
  return {kind: 'unavailable', scope: 'message', reason: toReason('ServerError', message)};
}

function toReason(code: ReasonCode, message: string): Reason {
  return {code, message};
}
