import http from 'node:http';
import https from 'node:https';
import type {MediaLoad} from '../../../core/media.ts';
import type {Media} from '../../../core/message.ts';
import {createTurns} from '../turns.ts';
import {isForbiddenHost, lookupPublic} from './guard.ts';

export interface MediaFetchOptions {
  /** Origin of the API: called whatever its address, with credentials. */
  apiUrl: string;
  username: string;
  /** The one that Twilio took last before the others. */
  passwords(): readonly string[];
  ca?: string | undefined;
  /** With it only Twilio's hosts, and where they redirect to, are asked: into which network a name leads can't be seen then. */
  proxy?: string | undefined;
  maxBytes: number;
  timeoutMs: number;
  /** Begins the time of one file; `AbortSignal.timeout` unless given. */
  beginTime?(ms: number): AbortSignal;
}

const mostRedirects = 3;
const mostAtOnce = 4;

type Refused = Extract<MediaLoad, {kind: 'refused'}>;
type Step = MediaLoad | {kind: 'redirect'; url: URL} | {kind: 'denied'; status: number};

interface Call {
  password: string | undefined;
  maxBytes: number;
  deadline: AbortSignal;
}

/**
 * Files of inbound messages. Credentials go to Twilio's own hosts alone, never along a redirect; no private address is
 * called whatever name or redirect leads there; size and time are bounded.
 */
export function createMediaFetch(options: MediaFetchOptions) {
  const {ca, proxy, timeoutMs, beginTime = (ms: number) => AbortSignal.timeout(ms)} = options;
  const settings = {
    ...(ca === undefined ? {} : {ca}),
    ...(proxy === undefined ? {} : {proxyEnv: {HTTP_PROXY: proxy, HTTPS_PROXY: proxy}}),
  };
  const agents = {http: new http.Agent(settings), https: new https.Agent(settings)};
  const turns = createTurns(mostAtOnce, timeoutMs);
  const running = new Set<Promise<MediaLoad>>();

  async function follow(start: string, maxBytes: number): Promise<MediaLoad> {
    // Not before its turn: who waited long would get it only to be cut off, and so would all behind it.
    const deadline = beginTime(timeoutMs);
    let url = URL.parse(start);
    let fromTwilio = false;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const refusal = judge(url, fromTwilio);
      if (url === null || refusal !== undefined) return refusal ?? refuse('The file has no readable address');
      const own = isTrusted(url) || isTwilio(url);
      const step = await askAsAny(own && hop === 0 ? options.passwords() : [], url, {maxBytes, deadline});
      // Whose word this is can be mended: a token that was replaced, a right the key lacks.
      if (step.kind === 'denied') return later(`Twilio refuses our credentials (${step.status})`);
      if (step.kind !== 'redirect') return step;
      fromTwilio = own;
      url = step.url;
    }
    return refuse('The file’s address redirects too often');
  }

  function judge(url: URL | null, fromTwilio: boolean): Refused | undefined {
    if (url === null) return refuse('The file has no readable address');
    if (isTrusted(url)) return undefined;
    if (url.protocol !== 'https:') return refuse('The file’s address is not https');
    if (isForbiddenHost(url.hostname)) return refuse('The file’s address is in a private network');
    if (proxy !== undefined && !isTwilio(url) && !fromTwilio) {
      return refuse('Through the proxy only Twilio’s hosts, and where they lead to, are asked for files');
    }
    return undefined;
  }

  function isTrusted(url: URL): boolean {
    return url.origin === new URL(options.apiUrl).origin;
  }

  async function askAsAny(passwords: readonly string[], url: URL, call: Omit<Call, 'password'>): Promise<Step> {
    const [password, ...others] = passwords;
    const step = await ask(url, {...call, password});
    const isReplaced = step.kind === 'denied' && step.status === 401 && others.length > 0;
    return isReplaced ? askAsAny(others, url, call) : step;
  }

  function ask(url: URL, call: Call): Promise<Step> {
    const basic = Buffer.from(`${options.username}:${call.password}`).toString('base64');
    return new Promise(resolve => {
      const request = url.protocol === 'https:' ? https.get : http.get;
      const outgoing = request(url, {
        agent: url.protocol === 'https:' ? agents.https : agents.http,
        signal: call.deadline,
        headers: {accept: '*/*', ...(call.password === undefined ? {} : {authorization: `Basic ${basic}`})},
        ...(isTrusted(url) || proxy !== undefined ? {} : {lookup: lookupPublic}),
      });
      outgoing.on('response', response => resolve(read(url, response, call)));
      outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(toFailure(error.code)));
    });
  }

  return {
    async load({media, maxBytes}: {media: Media; maxBytes: number}): Promise<MediaLoad> {
      // Nothing of the file is held meanwhile.
      const turn = turns.begin();
      if (turn !== true && !(await turn)) return later('Too many files are being fetched; ask again');
      const loading = follow(media.url, Math.min(maxBytes, options.maxBytes)).finally(() => {
        running.delete(loading);
        turns.end();
      });
      running.add(loading);
      return loading;
    },
    /** When those being fetched are there; nobody waits for a turn any more. */
    async close() {
      turns.close();
      await Promise.allSettled(running);
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function isTwilio(url: URL): boolean {
  return url.protocol === 'https:' && /(^|\.)twilio\.com$/i.test(url.hostname) && url.port === '';
}

async function read(url: URL, response: http.IncomingMessage, {password, maxBytes}: Call): Promise<Step> {
  const status = response.statusCode ?? 0;
  const {location} = response.headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    response.destroy();
    const next = URL.parse(location, url.href);
    return next === null ? refuse('The file’s address redirects to no address') : {kind: 'redirect', url: next};
  }
  if (status !== 200) {
    response.destroy();
    if (password !== undefined && (status === 401 || status === 403)) return {kind: 'denied', status};
    return status >= 500 || status === 429 || status === 408 || status === 404
      ? later(`The file’s host answered HTTP ${status}`)
      : refuse(`The file’s host answered HTTP ${status}`);
  }
  return readFile(response, maxBytes);
}

async function readFile(response: http.IncomingMessage, maxBytes: number): Promise<MediaLoad> {
  const tooLong = () => {
    response.destroy();
    return refuse(`The file is larger than ${maxBytes} bytes`);
  };
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return tooLong();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      length += chunk.length;
      if (length > maxBytes) return tooLong();
      chunks.push(chunk);
    }
  } catch {
    return later('The file broke off');
  }
  const contentType = response.headers['content-type'] ?? 'application/octet-stream';
  return {kind: 'loaded', contentType, bytes: Buffer.concat(chunks)};
}

function toFailure(code: string | undefined): MediaLoad {
  if (code === 'EPRIVATE') return refuse('The file’s host leads into a private network');
  return later(`The file’s host could not be asked (${code ?? 'no code'})`);
}

function refuse(why: string): Refused {
  return {kind: 'refused', why};
}

function later(why: string): MediaLoad {
  return {kind: 'unavailable', why};
}
