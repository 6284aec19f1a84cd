import type {Fields} from './codec.ts';
import {bytesField, numberField, textField} from './codec.ts';
import {isKnownWord, toStat, toWord} from './receipt-words.ts';

/** What a receipt's text says; every key may be missing (SMPP 3.4 appendix B is an example, each SMSC has its own). */
export interface ReceiptText {
  id?: string;
  stat?: string;
  err?: string;
  /** All keys but the text, for the history. */
  raw: string;
}

export interface ReceiptReading {
  /** Ids that may be ours, the likelier first. */
  ids: string[];
  /** A word of the table below, or the SMSC's own. */
  stat: string;
  err?: string;
  /** `3:11`, network type and code. */
  networkError?: string;
  raw: string;
}

const keyPattern = /(?:^|[\s,;])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|state|status|err|error|text)\s*:/gi;

/** Finds `key:` words in any order and case; `text:` ends the search, for what follows it was written by a person. */
export function parseReceiptText(text: string): ReceiptText {
  const keys = [...text.matchAll(keyPattern)];
  const end = keys.findIndex(key => key[1]?.toLowerCase() === 'text');
  const used = end < 0 ? keys : keys.slice(0, end);
  const limit = end < 0 ? text.length : (keys[end]?.index ?? text.length);
  const values = new Map<string, string>();
  used.forEach((key, index) => {
    const value = text.slice(key.index + key[0].length, used[index + 1]?.index ?? limit).trim();
    const name = (key[1] ?? '').toLowerCase();
    if (!values.has(name)) values.set(name, value.replace(/[,;]$/, ''));
  });
  const stat = values.get('stat') ?? values.get('state') ?? values.get('status');
  return {
    ...optional('id', firstWord(values.get('id'))),
    ...optional('stat', firstWord(stat)),
    ...optional('err', firstWord(values.get('err') ?? values.get('error'))),
    raw:
      used.length === 0
        ? ''
        : text
            .slice(used[0]?.index ?? 0, limit)
            .trim()
            .slice(0, 300),
  };
}

/** A receipt from its PDU: TLVs and text together. */
export function readReceipt(fields: Fields, body: Buffer): ReceiptReading {
  const text = parseReceiptText(toAsciiText(body));
  const tlvId = textField(fields, 'receipted_message_id');
  const state = numberField(fields, 'message_state');
  const networkError = toNetworkError(bytesField(fields, 'network_error_code'));
  const ids = [tlvId, text.id ?? ''].filter((id, index, all) => id !== '' && all.indexOf(id) === index);
  const raw = [
    text.raw,
    tlvId === '' ? '' : `receipted_message_id=${tlvId}`,
    state === undefined ? '' : `message_state=${state}`,
    networkError === undefined ? '' : `network_error_code=${networkError}`,
  ];
  return {
    ids,
    stat: toStat(state, text.stat),
    ...optional('err', text.err),
    ...optional('networkError', networkError),
    raw: raw.filter(part => part !== '').join(' '),
  };
}

/** Whether an unflagged text is a receipt: it starts like one and has a status no person writes. */
export function looksLikeReceipt(body: Buffer): boolean {
  const text = toAsciiText(body.subarray(0, 400));
  if (!/^\s*id\s*:/i.test(text)) return false;
  const {id, stat} = parseReceiptText(text);
  return id !== undefined && id !== '' && stat !== undefined && isKnownWord(toWord(stat));
}

/** Receipts are ASCII whatever their data_coding claims, or truly UTF-16: the bytes tell. */
export function toAsciiText(body: Buffer): string {
  const zeros = body.length >= 4 && body[0] === 0 && body[2] === 0;
  return zeros
    ? Buffer.from(body.subarray(0, body.length & ~1))
        .swap16()
        .toString('utf16le')
    : body.toString('latin1');
}

/** A key this table does not know belongs to no value: `id:12 smsc:x stat:DELIVRD`. */
function firstWord(value: string | undefined): string | undefined {
  return value?.split(/[\s\0]/, 1)[0]?.slice(0, 100);
}

/** SMPP 3.4 5.3.2.31: network type, then the code in two octets. */
function toNetworkError(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.length < 2) return undefined;
  return `${bytes[0]}:${bytes.readUIntBE(1, Math.min(bytes.length - 1, 4))}`;
}

function optional<Name extends string>(name: Name, value: string | undefined): {[key in Name]?: string} {
  return value === undefined || value === '' ? {} : ({[name]: value} as {[key in Name]?: string});
}
