import {randomUUID} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {parseJson} from './nexus-sender.ts';
import {isReceipt, isSigned, matchPath, type NexusVariant, type PostKind, toFault, unwrap} from './nexus-wire.ts';

/** One call of the Third-Party Messaging API, as it came. */
export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
}

/** What the API makes of it. */
export interface Judged {
  kind: PostKind;
  channelId: string;
  body: unknown;
  /** Out of their envelope. */
  messages: unknown[];
  signatureOk: boolean;
  status: number;
  answer: unknown;
}

export interface ApiOptions {
  ccid: string;
  variant: NexusVariant;
  channels: ReadonlyMap<string, {apiSecret: string}>;
}

/** Checks a call as Nexus would, in its order: route, method, channel, signature, contact centre, key, body. Undefined: no such route. */
export function judge(call: Call, {ccid, variant, channels}: ApiOptions): Judged | undefined {
  const route = toRoute(call.path, variant);
  if (route === undefined) return undefined;
  const {channelId, onMessagePath} = route;
  const body = parseJson(call.raw.toString('utf8'));
  const messages = unwrap(body, onMessagePath ? variant.messageEnvelope : variant.receiptEnvelope);
  const kind = !onMessagePath || (variant.receiptAsMessage && isReceipt(messages ?? [])) ? 'receipts' : 'messages';
  const secret = channels.get(channelId)?.apiSecret;
  const signatureOk = secret !== undefined && isSigned(call.headers['x-hub-signature'], call.raw, secret);
  const judged = {kind, channelId, body, messages: messages ?? [], signatureOk} as const;

  if (call.method !== 'POST') return {...judged, ...refuse(405, 'Method Not Allowed')};
  if (secret === undefined) return {...judged, ...refuse(404, 'Unknown channel')};
  if (!signatureOk) return {...judged, ...refuse(401, 'Invalid signature')};
  if (call.headers['x-ccid'] !== ccid) return {...judged, ...refuse(403, 'Unknown contact center')};
  if (variant.apiKey !== undefined && call.headers['x-api-key'] !== variant.apiKey) {
    return {...judged, ...refuse(403, 'Invalid API key')};
  }
  const fault = toBodyFault(messages, kind, variant);
  if (fault !== undefined) return {...judged, ...refuse(400, fault)};
  return {...judged, status: 200, answer: {status: {code: 0}, data: {id: randomUUID()}}};
}

export function refuse(code: number, message: string) {
  return {status: code, answer: {status: {code, message}}};
}

function toRoute(path: string, {basePath, messagePath, receiptPath}: NexusVariant) {
  const message = matchPath(path, basePath + messagePath);
  if (message !== undefined) return {channelId: message, onMessagePath: true};
  const receipt = matchPath(path, basePath + receiptPath);
  return receipt === undefined ? undefined : {channelId: receipt, onMessagePath: false};
}

function toBodyFault(messages: unknown[] | undefined, kind: PostKind, variant: NexusVariant): string | undefined {
  if (messages === undefined || messages.length === 0) return 'The body holds no message';
  return messages.flatMap(message => toFault(message, kind, variant) ?? [])[0];
}
