/** What a receipt's text says; every key may be missing (SMPP 3.4 appendix B is an example, each SMSC has its own). */
export interface ReceiptText {
  id?: string;
  stat?: string;
  err?: string;
  /** Digits, as they came. */
  submitDate?: string;
  /** The first characters of the message. */
  textStart?: string;
  /** The keys that are known, without the message, for the history. */
  raw: string;
}

/** A `key:` of a receipt. */
interface Key {
  name: string;
  /** Where the key begins. */
  at: number;
  /** Where its value begins. */
  valueAt: number;
  /** Where the next key begins, or the text ends. */
  valueEnd: number;
}

/** The spellings of each key. */
const names: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['sub', 'sub'],
  ['dlvrd', 'dlvrd'],
  ['stat', 'stat'],
  ['state', 'stat'],
  ['status', 'stat'],
  ['err', 'err'],
  ['error', 'err'],
  ['text', 'text'],
  ['submitdate', 'submit date'],
  ['submit_date', 'submit date'],
  ['submit date', 'submit date'],
  ['donedate', 'done date'],
  ['done_date', 'done date'],
  ['done date', 'done date'],
]);

/** A letter more than the longest key has: the end of a longer word is none. */
const longestWord = 12;

/** Finds `key:` words in any order and case; `text:` ends the search, for what follows it was written by a person. */
export function parseReceiptText(text: string): ReceiptText {
  const keys = findKeys(text);
  const last = keys.at(-1);
  const message = last?.name === 'text' ? last : undefined;
  const values: Record<string, string> = {};
  let raw = '';
  for (const {name, valueAt, valueEnd} of keys) {
    if (name === 'text' || values[name] !== undefined) continue;
    const value = firstWord(text, valueAt, valueEnd);
    values[name] = value;
    raw = raw === '' ? `${name}:${value}` : `${raw} ${name}:${value}`;
  }
  return {
    id: values.id || undefined,
    stat: values.stat || undefined,
    err: values.err || undefined,
    submitDate: values['submit date'] || undefined,
    textStart: message === undefined ? undefined : text.slice(message.valueAt).trim() || undefined,
    raw,
  };
}

function findKeys(text: string): Key[] {
  const keys: Key[] = [];
  let last: Key | undefined;
  for (let colon = text.indexOf(':'); colon >= 0 && last?.name !== 'text'; colon = text.indexOf(':', colon + 1)) {
    const key = keyBefore(text, colon);
    if (key === undefined) continue;
    if (last !== undefined) last.valueEnd = key.at;
    keys.push(key);
    last = key;
  }
  return keys;
}

/** The key is the word before the colon, or the two of `submit date`. */
function keyBefore(text: string, colon: number): Key | undefined {
  let end = colon;
  while (text[end - 1] === ' ') end -= 1;
  let at = wordStart(text, end);
  let word = text.slice(at, end).toLowerCase();
  if (word === 'date') {
    at = wordStart(text, at - 1);
    word = text.slice(at, end).toLowerCase();
  }
  const name = names.get(word);
  return name === undefined ? undefined : {name, at, valueAt: colon + 1, valueEnd: text.length};
}

/** No further back than a key may be long: where colons stand close together each would be looked at from every one behind it. */
function wordStart(text: string, end: number): number {
  const first = Math.max(end - longestWord, 0);
  let at = Math.max(end, 0);
  while (at > first && !isDelimiter(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Blank, tab, CR, LF, comma, semicolon. */
function isDelimiter(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a || code === 0x2c || code === 0x3b;
}

/**
 * `YYMMDDhhmm`, with seconds, or with the century too, to Unix ms; undefined for anything else. Receipts name no zone.
 * @param offsetMinutes of the SMSC's clock, east of UTC
 */
export function parseReceiptDate(digits: string, offsetMinutes: number): number | undefined {
  if (!/^(?:\d{10}|\d{12}|\d{14})$/.test(digits)) return undefined;
  const full = digits.length === 14 ? digits : `20${digits}`.padEnd(14, '0');
  const date = `${full.slice(0, 4)}-${full.slice(4, 6)}-${full.slice(6, 8)}`;
  const at = Date.parse(`${date}T${full.slice(8, 10)}:${full.slice(10, 12)}:${full.slice(12)}Z`);
  return Number.isNaN(at) ? undefined : at - offsetMinutes * 60_000;
}

/** A key this scanner does not know belongs to no value: `id:12 smsc:x stat:DELIVRD`. */
function firstWord(text: string, from: number, to: number): string {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at += 1;
  let end = at;
  while (end < to && end - at < 100 && !endsWord(text.charCodeAt(end))) end += 1;
  return text.slice(at, end);
}

function endsWord(code: number): boolean {
  return code === 0 || code === 0x2c || code === 0x3b || isBlank(code);
}

/** As `\s` and `trim` see it. */
function isBlank(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return /\s/.test(String.fromCharCode(code));
}
