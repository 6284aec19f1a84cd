import {bytesField, type Fields, numberField, textField} from '../codec.ts';
import {parseReceiptText} from './text.ts';
import {isKnownWord, toStat, toWord} from './words.ts';

export interface ReceiptReading {
  /** Ids that may be ours, the likelier first. */
  ids: string[];
  /** A word of `words.ts`, or the SMSC's own. */
  stat: string;
  err?: string;
  /** `3:11`, network type and code. */
  networkError?: string;
  submitDate?: string;
  textStart?: string;
  /** For the history: never the message. */
  raw: string;
}

/** A receipt from its PDU: TLVs and text together. */
export function readReceipt(fields: Fields, body: Buffer): ReceiptReading {
  const text = parseReceiptText(toAsciiText(body));
  const tlvId = textField(fields, 'receipted_message_id');
  const state = numberField(fields, 'message_state');
  const networkError = toNetworkError(bytesField(fields, 'network_error_code'));
  let {raw} = text;
  if (tlvId !== '') raw = joined(raw, `receipted_message_id=${tlvId}`);
  if (state !== undefined) raw = joined(raw, `message_state=${state}`);
  if (networkError !== undefined) raw = joined(raw, `network_error_code=${networkError}`);
  return {
    ids: toIds(tlvId, text.id),
    stat: toStat(state, text.stat),
    err: text.err,
    networkError,
    submitDate: text.submitDate,
    textStart: text.textStart,
    raw,
  };
}

function toIds(tlvId: string, textId: string | undefined): string[] {
  const ids = tlvId === '' ? [] : [tlvId];
  if (textId !== undefined && textId !== tlvId) ids.push(textId);
  return ids;
}

function joined(words: string, more: string): string {
  return words === '' ? more : `${words} ${more}`;
}

/** Whether an unflagged text is a receipt: it starts like one and has a status no person writes. */
export function looksLikeReceipt(body: Buffer): boolean {
  const text = toAsciiText(body.subarray(0, 400));
  if (!/^\s*id\s*:/i.test(text)) return false;
  const {id, stat} = parseReceiptText(text);
  return id !== undefined && stat !== undefined && isKnownWord(toWord(stat));
}

/** Receipts are ASCII whatever their data_coding claims, or truly UTF-16: the bytes tell. */
export function toAsciiText(body: Buffer): string {
  const isUtf16 = body.length >= 4 && body[0] === 0 && body[2] === 0;
  if (!isUtf16) return body.toString('latin1');
  const even = Buffer.from(body.subarray(0, body.length - (body.length % 2)));
  return even.swap16().toString('utf16le');
}

/** SMPP 3.4 5.3.2.31: network type, then the code in two octets. */
function toNetworkError(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.length < 2) return undefined;
  return `${bytes[0]}:${bytes.readUIntBE(1, Math.min(bytes.length - 1, 4))}`;
}
