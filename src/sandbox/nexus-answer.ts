import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from 'node:http';
import type {AdminAnswer, AdminRequest} from './admin/server.ts';
import {type ApiOptions, type Call, type Judged, judge, refuse, toDownload} from './nexus-api.ts';
import type {createFaults, Fault} from './nexus-faults.ts';
import type {PostKind} from './nexus-wire.ts';

/** One call of the Third-Party Messaging API, whatever it was answered. */
export interface NexusPost {
  kind: PostKind;
  channelId: string;
  raw: Buffer;
  /** Parsed where it is JSON. */
  body: unknown;
  /** The messages of the body, out of their envelope. */
  messages: unknown[];
  headers: IncomingHttpHeaders;
  signatureOk: boolean;
  /** What it was answered; 0 when it got no answer. */
  status: number;
  /** Whether it was processed, also when its answer was lost. */
  accepted: boolean;
  /** Unix ms. */
  at: number;
}

export interface AnswerOptions {
  api: ApiOptions;
  faults: ReturnType<typeof createFaults>;
  record(post: NexusPost): void;
  /** Other routes of the same host: its provisioning API. */
  administration?: ((request: AdminRequest) => AdminAnswer) | undefined;
}

const maxBodyBytes = 20 * 1024 * 1024;

/** The Third-Party Messaging API on a socket: judged, remembered, then answered as it should be or as a fault says. */
export function createAnswer({api, faults, record, administration}: AnswerOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const {method = '', url = '', headers} = request;
    const raw = await readBody(request);
    const call = {method, path: url, headers, raw};
    const file = toDownload(call, api);
    if (file !== undefined) return void response.writeHead(200, {'content-type': file.contentType}).end(file.bytes);
    const judged = judge(call, api);
    if (judged === undefined) return reply(response, administer(call, administration) ?? refuse(404, 'Not Found'));
    const fault = faults.next(judged.kind, judged.channelId);
    const post = {...toPost(judged, fault), headers, raw, at: Math.round(performance.timeOrigin + performance.now())};
    record(post);
    await misbehave(response, fault);
    if (post.status > 0) reply(response, toReply(judged, fault), fault?.headers);
  };
}

function administer({method, path, headers, raw}: Call, administration: AnswerOptions['administration']) {
  const {pathname, searchParams: query} = new URL(path, 'http://host');
  if (administration === undefined || !/^\/nexus\/v3\/(provisioning|apikeys)(\/|$)/.test(pathname)) return undefined;
  const {status, body = ''} = administration({method, path: pathname, query, headers, body: raw});
  return {status, answer: body};
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toPost({kind, channelId, body, messages, signatureOk, status}: Judged, fault: Fault | undefined) {
  const silent = fault?.drop !== undefined || fault?.hang === true;
  const answered = fault?.status ?? status;
  const accepted = status === 200 && fault?.drop !== 'before' && answered >= 200 && answered < 300;
  return {kind, channelId, body, messages, signatureOk, status: silent ? 0 : answered, accepted};
}

async function misbehave(response: ServerResponse, fault: Fault | undefined): Promise<void> {
  const delayMs = fault?.delayMs;
  if (delayMs !== undefined) await new Promise(resolve => setTimeout(resolve, delayMs));
  if (fault?.drop !== undefined) response.destroy();
}

function toReply({status, answer}: Judged, fault: Fault | undefined) {
  if (fault?.status === undefined) return {status, answer: fault?.body ?? answer};
  return {status: fault.status, answer: fault.body ?? refuse(fault.status, 'Told to say so').answer};
}

function reply(response: ServerResponse, {status, answer}: {status: number; answer: unknown}, headers = {}): void {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body);
}
