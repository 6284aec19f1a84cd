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
}

/** The spellings of each key. */
const names: Readonly<Record<string, string>> = {
  id: 'id',
  sub: 'sub',
  dlvrd: 'dlvrd',
  stat: 'stat',
  state: 'stat',
  status: 'stat',
  err: 'err',
  error: 'err',
  text: 'text',
  submitdate: 'submit date',
  submit_date: 'submit date',
  'submit date': 'submit date',
  donedate: 'done date',
  done_date: 'done date',
  'done date': 'done date',
};

/** Finds `key:` words in any order and case; `text:` ends the search, for what follows it was written by a person. */
export function parseReceiptText(text: string): ReceiptText {
  const keys = findKeys(text);
  const last = keys.at(-1);
  const message = last?.name === 'text' ? last : undefined;
  const values = new Map<string, string>();
  for (const [index, {name, valueAt}] of keys.entries()) {
    if (name !== 'text' && !values.has(name)) values.set(name, firstWord(text.slice(valueAt, keys[index + 1]?.at)));
  }
  return {
    id: values.get('id') || undefined,
    stat: values.get('stat') || undefined,
    err: values.get('err') || undefined,
    submitDate: values.get('submit date') || undefined,
    textStart: message === undefined ? undefined : text.slice(message.valueAt).trim() || undefined,
    raw: Array.from(values, ([name, value]) => `${name}:${value}`).join(' '),
  };
}

function findKeys(text: string): Key[] {
  const keys: Key[] = [];
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const key = keyBefore(text, colon);
    if (key === undefined) continue;
    keys.push(key);
    if (key.name === 'text') break;
  }
  return keys;
}

/** The key is the word before the colon, or the two of `submit date`. */
function keyBefore(text: string, colon: number): Key | undefined {
  let end = colon;
  while (text[end - 1] === ' ') end -= 1;
  let at = wordStart(text, end);
  if (text.slice(at, end).toLowerCase() === 'date') at = wordStart(text, at - 1);
  const word = text.slice(at, end).toLowerCase();
  if (!Object.hasOwn(names, word)) return undefined;
  return {name: names[word] ?? word, at, valueAt: colon + 1};
}

function wordStart(text: string, end: number): number {
  let at = Math.max(end, 0);
  while (at > 0 && !delimiters.includes(text[at - 1] ?? '')) at -= 1;
  return at;
}

const delimiters = ' \t\r\n,;';

/**
 * `YYMMDDhhmm`, with seconds, or with the century too, to Unix ms; undefined for anything else. Receipts name no zone.
 * @param offsetMinutes of the SMSC's clock, east of UTC
 */
export function parseReceiptDate(digits: string, offsetMinutes: number): number | undefined {
  if (!/^(?:\d{10}|\d{12}|\d{14})$/.test(digits)) return undefined;
  const full = digits.length === 14 ? digits : `20${digits}`.padEnd(14, '0');
  const [, year = '', month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(full) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at - offsetMinutes * 60_000;
}

/** A key this scanner does not know belongs to no value: `id:12 smsc:x stat:DELIVRD`. */
function firstWord(value: string): string {
  return (
    value
      .trim()
      .split(/[\s\0,;]/, 1)[0]
      ?.slice(0, 100) ?? ''
  );
}
