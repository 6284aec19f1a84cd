import type {Context} from 'koa';
import {type Pair, readPairs} from '../core/form.ts';
import {maskForm, maskHeaders, maskJson} from './mask.ts';

/** One webhook as it came, in a file of its own. */
export interface RecordedWebhook {
  at: string;
  method: string;
  path: string;
  /** What it was answered. */
  status: number;
  masked: boolean;
  headers: Record<string, string>;
  /** Names and values in their order, where the address had any. */
  query?: Pair[];
  /** Of a platform. JSON, with texts and numbers masked unless asked for plain. */
  body?: unknown;
  /** Of a carrier that posts forms: names and values in their order. */
  form?: Pair[];
  /** The bytes, base64: only plain, or undefined. */
  bytes?: string;
}

export interface RecordRules {
  at: number;
  /** Texts and numbers as they are. */
  plain: boolean;
  /** Numbers of our own, as digits. */
  known: ReadonlySet<string>;
  /** Names of headers that prove something, in lower case. */
  hidden: ReadonlySet<string>;
  isForm: boolean;
}

export function toRecord(context: Context, status: number, rules: RecordRules): RecordedWebhook {
  const {at, plain, known, hidden, isForm} = rules;
  const raw: Buffer = Buffer.isBuffer(context.state.raw) ? context.state.raw : Buffer.alloc(0);
  const shown = (text: string) => maskForm(readPairs(text), known, plain);
  const body = isForm ? undefined : parse(raw);
  return {
    at: new Date(at).toISOString(),
    method: context.method,
    path: context.path,
    status,
    masked: !plain,
    headers: maskHeaders(context.headers, hidden, plain),
    ...(context.querystring === '' ? {} : {query: shown(context.querystring)}),
    ...(isForm ? {form: shown(raw.toString('utf8'))} : {body: plain ? body : maskJson(body, known)}),
    ...(plain ? {bytes: raw.toString('base64')} : {}),
  };
}

/** What is no JSON is told as such: its bytes are in the record only when they were asked for. */
function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return {notJson: `${raw.length} bytes`};
  }
}
