import {type CommandIo, type ExitCode, exit, type Input, type Option, UsageError} from './command.ts';

const timeoutMs = 120_000;
/** An answer that comes in pieces has broken off when none comes for so long. */
const quietMs = 120_000;
const defaultUrl = 'http://127.0.0.1:8081';
/** By it the audit knows the command line. */
const userAgent = 'nexus-async-gateway-cli';

/** Options of every command that talks to a running gateway. */
export const clientOptions = {
  url: {type: 'string', value: 'URL', help: `Management port of the gateway (GATEWAY_URL, else ${defaultUrl}).`},
  token: {
    type: 'string',
    value: 'TOKEN',
    help: 'Bearer token; better in GATEWAY_TOKEN, where no process list shows it.',
  },
  json: {type: 'boolean', help: 'Print the answer as JSON.'},
} as const satisfies Record<string, Option>;

/** The gateway did not do what was asked. */
export class ClientError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.name = 'ClientError';
    this.exitCode = exitCode;
  }
}

export interface Client {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  /** The answer as it comes, in pieces; thrown as a `ClientError` when it breaks off. */
  stream(path: string): AsyncGenerator<string>;
}

/** A client of the management API; every refusal is thrown as a `ClientError` with the gateway's own sentence. */
export function createClient(input: Input, {env}: CommandIo): Client {
  const base = (input.text('url') ?? env.GATEWAY_URL ?? defaultUrl).replace(/\/+$/, '');
  const token = input.text('token') ?? env.GATEWAY_TOKEN;
  if (!/^https?:\/\//.test(base)) throw new UsageError(`--url must begin with http:// or https://.`);
  if (token === undefined || token === '')
    throw new UsageError('A token is needed: set GATEWAY_TOKEN, or give --token.');

  const headers = {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'User-Agent': userAgent};

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const init = {method, headers, redirect: 'error', ...(body && {body: JSON.stringify(body)})} as const;
    const response = await reach(`${base}${path}`, {...init, signal: AbortSignal.timeout(timeoutMs)}, base);
    const answer = await readAnswer(response, base);
    if (response.ok) return answer;
    throw toRefused(answer, response.status);
  }

  async function* stream(path: string): AsyncGenerator<string> {
    const quiet = new AbortController();
    const watch = setInterval(() => quiet.abort(), quietMs);
    try {
      const response = await reach(`${base}${path}`, {headers, redirect: 'error', signal: quiet.signal}, base);
      if (!response.ok || response.body === null) throw toRefused(await readAnswer(response, base), response.status);
      for await (const chunk of toPieces(response.body)) {
        watch.refresh();
        yield chunk;
      }
    } finally {
      clearInterval(watch);
    }
  }

  return {get: path => call('GET', path), post: (path, body) => call('POST', path, body), stream};
}

function toRefused(answer: unknown, status: number): ClientError {
  return new ClientError(toSentence(answer) ?? `The gateway answered ${status}.`, toExitCode(status));
}

async function* toPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* body.pipeThrough(new TextDecoderStream());
  } catch {
    throw new ClientError('The answer broke off before its end: what was written is not all.', exit.unavailable);
  }
}

async function reach(url: string, init: RequestInit, base: string): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    const message = `No gateway answers at ${base} (${why}): check --url, and that it runs.`;
    throw new ClientError(message, exit.unavailable);
  }
}

async function readAnswer(response: Response, base: string): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    const message = `What answers at ${base} is no management port (${response.status}, no JSON): check --url.`;
    throw new ClientError(message, exit.unavailable);
  }
}

function toExitCode(status: number): ExitCode {
  if (status === 401 || status === 403) return exit.forbidden;
  return status >= 500 ? exit.unavailable : exit.refused;
}

function toSentence(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  const {error} = answer;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
