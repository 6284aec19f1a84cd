import type {IncomingMessage} from 'node:http';
import {type CreateFault, isTakenDespite} from './faults.ts';
import {answerMedia, answerMediaList} from './media.ts';
import {newSid, type PretendMessage, toResource} from './message.ts';

export interface ApiOptions {
  accountSid: string;
  /** Every pair that may call: the account and its tokens, API keys. */
  mayCall(username: string, password: string): boolean;
  messages: PretendMessage[];
  /** The account's numbers and services. */
  answerNumbers(request: ApiRequest): ApiAnswer | undefined;
  nextFault(): CreateFault | undefined;
  nextListFault(): CreateFault | undefined;
}

export interface ApiRequest {
  method: string;
  url: URL;
  form: URLSearchParams;
  authorization: string | undefined;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  fault?: CreateFault;
  /** A message that was taken with this answer, or despite it. */
  taken?: PretendMessage;
}

/** What the API says to a request for messages, without sending it. */
export function createApi(options: ApiOptions) {
  const {accountSid, messages} = options;
  const base = `/2010-04-01/Accounts/${accountSid}`;

  function answer(request: ApiRequest): ApiAnswer {
    const path = request.url.pathname;
    const authorized = options.mayCall(...toBasic(request.authorization));
    const media = answerMedia(path, {authorized, authorization: request.authorization}, messages);
    if (media !== undefined) return media;
    if (!authorized) return toError(401, 20003, 'Authenticate');
    if (path === `${base}.json`)
      return {status: 200, body: {sid: accountSid, status: 'active', type: 'Full', friendly_name: 'Pretend'}};
    if (path === `${base}/Messages.json`) return request.method === 'POST' ? create(request.form) : list(request.url);
    const one = messages.find(message => path === `${base}/Messages/${message.sid}.json`);
    if (one !== undefined && request.method === 'GET') return {status: 200, body: toResource(one, accountSid)};
    const files = answerMediaList(path, accountSid, messages);
    if (files !== undefined) return files;
    const numbers = options.answerNumbers(request);
    if (numbers !== undefined) return numbers;
    return toError(404, 20404, `The requested resource ${path} was not found`);
  }

  function create(form: URLSearchParams): ApiAnswer {
    const fault = options.nextFault();
    if (fault?.kind === 'answer') return toFaultAnswer(fault);
    const mistake = toMistake(form);
    if (mistake !== undefined) return mistake;
    const message = toMessage(form);
    if (isTakenDespite(fault)) messages.push(message);
    return {
      status: 201,
      body: toResource(message, accountSid),
      ...(fault === undefined ? {} : {fault}),
      ...(isTakenDespite(fault) ? {taken: message} : {}),
    };
  }

  /** Newest first, as Twilio lists them; `DateSent` by the day, `DateSent<` and `DateSent>` also by the second. */
  function list(url: URL): ApiAnswer {
    const fault = options.nextListFault();
    if (fault?.kind === 'answer') return toFaultAnswer(fault);
    const query = url.searchParams;
    const size = Math.min(Number(query.get('PageSize') ?? 50), 1000);
    const page = Number(query.get('Page') ?? 0);
    const from = query.get('DateSent>');
    const until = query.get('DateSent<');
    const found = messages
      .filter(one => (query.get('To') ?? one.To) === one.To && (query.get('From') ?? one.From) === one.From)
      .filter(one => (from === null || one.at >= Date.parse(from)) && (until === null || one.at <= Date.parse(until)))
      .toReversed();
    const shown = found.slice(page * size, (page + 1) * size);
    const next = new URL(url);
    next.searchParams.set('Page', String(page + 1));
    const more = found.length > (page + 1) * size;
    return {
      status: 200,
      ...(fault === undefined ? {} : {fault}),
      body: {
        messages: shown.map(message => toResource(message, accountSid)),
        page,
        page_size: size,
        start: page * size,
        end: page * size + shown.length - 1,
        uri: url.pathname + url.search,
        first_page_uri: url.pathname,
        next_page_uri: more ? next.pathname + next.search : null,
        previous_page_uri: null,
      },
    };
  }

  return {answer};
}

export function toError(status: number, code: number, message: string): ApiAnswer {
  return {status, body: {code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status}};
}

export async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://pretend'),
    form: new URLSearchParams(Buffer.concat(chunks).toString('utf8')),
    authorization: incoming.headers.authorization,
  };
}

function toFaultAnswer(fault: Extract<CreateFault, {kind: 'answer'}>): ApiAnswer {
  const headers: Record<string, string> = fault.retryAfter === undefined ? {} : {'retry-after': fault.retryAfter};
  if (fault.html === true) return {status: fault.status, body: '<html><body>Bad gateway</body></html>', headers};
  return {
    ...toError(fault.status, fault.code ?? 20000 + fault.status, fault.message ?? 'A fault was asked for'),
    headers,
  };
}

function toMistake(form: URLSearchParams): ApiAnswer | undefined {
  const to = form.get('To') ?? '';
  const from = form.get('From');
  const body = form.get('Body') ?? '';
  const validity = Number(form.get('ValidityPeriod') ?? 36_000);
  if (to === '') return toError(400, 21604, "A 'To' phone number is required.");
  if (!/^(\+[1-9]\d{6,14}|[a-z]+:.+)$/.test(to))
    return toError(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
  if (from === null && form.get('MessagingServiceSid') === null)
    return toError(400, 21603, "A 'From' phone number is required.");
  if (body === '' && !form.has('MediaUrl') && !form.has('ContentSid'))
    return toError(400, 21602, 'Message body is required.');
  if (body.length > 1600) return toError(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
  if (form.getAll('MediaUrl').length > 10) return toError(400, 21623, 'Number of media files exceeds allowed limit');
  if (!(validity >= 1 && validity <= 36_000)) return toError(400, 21624, 'Invalid validity period');
  return undefined;
}

function toMessage(form: URLSearchParams): PretendMessage {
  const service = form.get('MessagingServiceSid') ?? undefined;
  const media = form.getAll('MediaUrl');
  return {
    sid: newSid(media.length > 0 ? 'MM' : 'SM'),
    direction: 'outbound-api',
    To: form.get('To') ?? '',
    From: form.get('From') ?? undefined,
    MessagingServiceSid: service,
    Body: form.get('Body') ?? '',
    MediaUrl: media,
    StatusCallback: form.get('StatusCallback') ?? undefined,
    ValidityPeriod: Number(form.get('ValidityPeriod') ?? 36_000),
    ContentSid: form.get('ContentSid') ?? undefined,
    ContentVariables: form.get('ContentVariables') ?? undefined,
    status: service === undefined ? 'queued' : 'accepted',
    errorCode: undefined,
    at: Date.now(),
    media: [],
  };
}

function toBasic(authorization: string | undefined): [string, string] {
  const decoded = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return [decoded.slice(0, colon), decoded.slice(colon + 1)];
}
