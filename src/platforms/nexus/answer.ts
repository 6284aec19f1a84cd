import {maskPhone} from '../../core/address.ts';
import type {ReasonCode} from '../../core/message.ts';
import type {Detail, Outcome} from '../../core/outcome.ts';
import {cleanText} from '../../core/text.ts';
import type {Answer} from './client.ts';
import {firstWords, member, toPlace, toWords} from './places.ts';

const passing = [408, 425, 429];
const throttling = [425, 429];
const mendable: Record<number, string> = {
  401: 'the signature was refused: compare apiSecret with the Async service',
  403: 'the call was refused: compare ccid, apiSecret and contract.apiKey with Nexus',
  404: 'no such path or channel: compare url, the contract’s paths and the Async service’s channelId',
  405: 'the path takes no POST: compare the contract’s paths',
};

/** Design rule 7. The HTTP status alone decides; what the body says is for people (facts 2.3). */
export function toOutcome(answer: Pick<Answer, 'status' | 'retryAfter' | 'body'>, now: number, text: string): Outcome {
  const {status} = answer;
  const detail = toDetail(answer, text);
  if (status >= 200 && status < 300) return {kind: 'taken', detail};
  const retryAfterMs = toRetryAfterMs(answer.retryAfter, now);
  const wait = retryAfterMs === undefined ? {} : {retryAfterMs};
  if (status >= 500 || passing.includes(status)) {
    const reason = {code: toCode(status), message: `Nexus answered ${status}`};
    const well = throttling.includes(status) ? {isWell: true as const} : {};
    return {kind: 'unavailable', scope: 'message', ...well, reason, ...wait, detail};
  }
  const hint =
    mendable[status] ?? (status < 400 ? 'it points elsewhere: compare url and the contract’s paths' : undefined);
  if (hint !== undefined) {
    const reason = {code: toCode(status), message: `Nexus answered ${status}: ${hint}`};
    return {kind: 'unavailable', scope: 'queue', reason, ...wait, detail};
  }
  return {
    kind: 'refused',
    scope: 'message',
    reason: {code: 'InvalidMessageStructure', message: `Nexus answered ${status}`},
    detail,
  };
}

/** Seconds or an HTTP date (RFC 9110 10.2.3) to ms from `now`; undefined when it is neither. */
export function toRetryAfterMs(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const codes: Record<number, ReasonCode> = {429: 'RateLimited', 401: 'GeneralError', 403: 'GeneralError'};

function toCode(status: number): ReasonCode {
  return codes[status] ?? (status >= 500 ? 'ServerError' : 'GeneralError');
}

const idPlaces = ['data.id', 'data.ids[]', 'messageId', 'id'].map(toPlace);

function toDetail({status, body}: Pick<Answer, 'status' | 'body'>, text: string): Detail {
  const json = parse(body);
  const said = member(json, 'status');
  const code = toWords(member(said, 'code'));
  const words = toWords(member(said, 'message'));
  const detail: Detail = {status};
  if (code !== undefined) detail.code = toSafe(code);
  if (words !== undefined && !quotes(words, text)) detail.answer = toSafe(words);
  const [id] = status < 300 ? firstWords(json, idPlaces) : [];
  if (id !== undefined) detail.platformMessageId = toSafe(id);
  return detail;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The far side's words may repeat ours: phone numbers are masked, and an answer that quotes the text is not kept. */
function toSafe(words: string): string {
  const safe = cleanText(words).slice(0, 160).toWellFormed();
  return /\d{7}/.test(safe) ? safe.replace(/(?<![\w-])\+?\d{7,15}(?![\w-])/g, maskPhone) : safe;
}

function quotes(words: string, text: string): boolean {
  return text.length > 0 && words.includes(text.slice(0, 12));
}
