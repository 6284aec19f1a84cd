import {randomUUID} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {type createFiles, parseFile} from './nexus-files.ts';
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
  files: ReturnType<typeof createFiles>;
}

/** Checks a call as Nexus would, in its order: route, method, channel, signature, contact centre, key, body. Undefined: no such route. */
export function judge(call: Call, options: ApiOptions): Judged | undefined {
  const {variant} = options;
  const route = toRoute(call.path, variant);
  if (route === undefined) return undefined;
  const {channelId, on} = route;
  const body = on === 'media' ? undefined : parseJson(call.raw.toString('utf8'));
  const found = unwrap(body, on === 'messages' ? variant.messageEnvelope : variant.receiptEnvelope);
  const kind = on === 'messages' && variant.receiptAsMessage && isReceipt(found ?? []) ? 'receipts' : on;
  const secret = options.channels.get(channelId)?.apiSecret;
  const file = on === 'media' ? parseFile(call.headers['content-type'] ?? '', call.raw) : undefined;
  const signed = file !== undefined && variant.mediaSignature === 'file' ? file.bytes : call.raw;
  const header = call.headers['x-hub-signature'];
  const signatureOk = secret !== undefined && isSigned(header, signed, secret, variant.signatureEncoding);
  const judged = {kind, channelId, body, messages: found ?? [], signatureOk} as const;

  const refusal = toRefusal(call, options, secret !== undefined, signatureOk);
  if (refusal !== undefined) return {...judged, ...refusal};
  if (kind === 'media') return {...judged, ...toUpload(file, options)};
  const fault = toBodyFault(found, kind, variant);
  if (fault !== undefined) return {...judged, ...refuse(400, fault)};
  return {...judged, status: 200, answer: {status: {code: 0}, data: {id: randomUUID()}}};
}

export function refuse(code: number, message: string) {
  return {status: code, answer: {status: {code, message}}};
}

/** A file an agent or a phone sent, for a call signed over the empty body. */
export function toDownload(call: Call, {variant, channels, files}: ApiOptions) {
  if (call.method !== 'GET' || variant.downloadPath === undefined) return undefined;
  const [before = '', after = ''] = (variant.basePath + variant.downloadPath).split('{mediaId}');
  const rest = call.path.slice(0, call.path.length - after.length);
  const slash = rest.lastIndexOf('/') + 1;
  const channelId = matchPath(rest.slice(0, slash), before);
  const secret = channels.get(channelId ?? '')?.apiSecret;
  const signature = call.headers['x-hub-signature'];
  if (secret === undefined || !isSigned(signature, Buffer.alloc(0), secret, variant.signatureEncoding))
    return undefined;
  return files.byMediaId(rest.slice(slash));
}

function toRoute(path: string, {basePath, messagePath, receiptPath, mediaPath}: NexusVariant) {
  const routes = {messages: messagePath, receipts: receiptPath, media: mediaPath} as const;
  for (const on of ['messages', 'receipts', 'media'] as const) {
    const channelId = matchPath(path, basePath + routes[on]);
    if (channelId !== undefined) return {channelId, on};
  }
  return undefined;
}

function toRefusal({method, headers}: Call, {ccid, variant}: ApiOptions, known: boolean, signatureOk: boolean) {
  if (method !== 'POST') return refuse(405, 'Method Not Allowed');
  if (!known) return refuse(404, 'Unknown channel');
  if (!signatureOk) return refuse(variant.wrongSignature, 'Invalid signature');
  if (headers['x-ccid'] !== ccid) return refuse(403, 'Unknown contact center');
  if (variant.apiKey !== undefined && headers['x-api-key'] !== variant.apiKey) return refuse(403, 'Invalid API key');
  return undefined;
}

/** `UploadResponse` of the manual's page on media. */
function toUpload(file: ReturnType<typeof parseFile>, {variant, files}: ApiOptions) {
  if (file === undefined) return refuse(400, 'No file');
  const {bytes, contentType, filename} = file;
  if (bytes.length > variant.maxMediaBytes) return refuse(413, 'The file is too large');
  if (!variant.mediaTypes.includes(contentType)) return refuse(400, 'The file is of another type');
  const url = files.add(file);
  const data = {mediaId: url.split('/').at(-1), url, filename, mimetype: contentType, length: bytes.length};
  return {status: 200, answer: {status: {code: 0, message: ''}, data}};
}

function toBodyFault(messages: unknown[] | undefined, kind: 'messages' | 'receipts', variant: NexusVariant) {
  if (messages === undefined || messages.length === 0) return 'The body holds no message';
  return messages.flatMap(message => toFault(message, kind, variant) ?? [])[0];
}
