import {decodeUtf16} from '../alphabet/charset.ts';
import {bytesField, type Fields, numberField, textField} from '../codec.ts';
import {parseHeader} from '../user-data-header.ts';
import {parseReceiptText} from './text.ts';
import {isKnownWord, toStat, toWord} from './words.ts';

export interface ReceiptReading {
  /** Ids that may be ours, the likelier first. */
  ids: string[];
  /** A word of `words.ts`, or the SMSC's own. */
  stat: string;
  /** The text's own spelling of it, where it is of the text. */
  word?: string;
  err?: string;
  /** `3:11`, network type and code. */
  networkError?: string;
  submitDate?: string;
  textStart?: string;
  /** For the history: never the message. */
  raw: string;
}

/** No receipt is as long; a message_payload of colons would keep the scanner busy for seconds. */
const mostOctets = 2048;

/** A receipt from its PDU: TLVs and text together. */
export function readReceipt(fields: Fields, body: Buffer): ReceiptReading {
  const text = parseReceiptText(toAsciiText(withoutHeader(fields, body).subarray(0, mostOctets)));
  const tlvId = textField(fields, 'receipted_message_id');
  const state = numberField(fields, 'message_state');
  const networkError = toNetworkError(bytesField(fields, 'network_error_code'));
  let {raw} = text;
  if (tlvId !== '') raw = joined(raw, `receipted_message_id=${tlvId}`);
  if (state !== undefined) raw = joined(raw, `message_state=${state}`);
  if (networkError !== undefined) raw = joined(raw, `network_error_code=${networkError}`);
  const stat = toStat(state, text.stat);
  return {
    ids: toIds(tlvId, text.id),
    stat,
    word: text.stat !== undefined && toWord(text.stat) === stat ? text.stat : undefined,
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

const beginsWithId = /^\s*id\s*:/i;

/** Whether an unflagged text is a receipt: it starts like one and has a status no person writes. */
export function looksLikeReceipt(fields: Fields, body: Buffer): boolean {
  const text = toAsciiText(withoutHeader(fields, body).subarray(0, 400));
  if (!beginsWithId.test(text)) return false;
  const {id, stat} = parseReceiptText(text);
  return id !== undefined && stat !== undefined && isKnownWord(toWord(stat));
}

/** Where the flag of one is only copied from the text that was sent, none is there: but for a new line no receipt begins with a control character. */
function withoutHeader(fields: Fields, body: Buffer): Buffer {
  const isFlagged = ((numberField(fields, 'esm_class') ?? 0) & 0x40) !== 0;
  const [first = 0] = body;
  if (!isFlagged || first === 0 || first >= 0x20 || beginsWithId.test(body.toString('latin1', 0, 20))) return body;
  return body.subarray(parseHeader(body)?.octets ?? 0);
}

/** Receipts are ASCII whatever their data_coding claims, or truly UTF-16: the bytes tell, its order too. */
export function toAsciiText(body: Buffer): string {
  const text = body.subarray(byteOrderMarks.includes(body.toString('hex', 0, 2)) ? 2 : 0);
  if (text.length < 4) return text.toString('latin1');
  if (text[0] === 0 && text[2] === 0) return decodeUtf16(text);
  return text.toString(text[1] === 0 && text[3] === 0 ? 'utf16le' : 'latin1');
}

const byteOrderMarks: readonly string[] = ['feff', 'fffe'];

/** SMPP 3.4 5.3.2.31: network type, then the code in two octets. */
function toNetworkError(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.length < 2) return undefined;
  return `${bytes[0]}:${bytes.readUIntBE(1, Math.min(bytes.length - 1, 4))}`;
}
