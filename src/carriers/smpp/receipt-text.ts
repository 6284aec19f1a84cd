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

const keyPattern = /(?:^|[\s,;])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|state|status|err|error|text)\s*:/gi;

/** Finds `key:` words in any order and case; `text:` ends the search, for what follows it was written by a person. */
export function parseReceiptText(text: string): ReceiptText {
  const keys = [...text.matchAll(keyPattern)];
  const last = keys.findIndex(key => key[1]?.toLowerCase() === 'text');
  const used = last < 0 ? keys : keys.slice(0, last);
  const limit = keys[last]?.index ?? text.length;
  const values = new Map<string, string>();
  for (const [index, key] of used.entries()) {
    const name = toName(key[1] ?? '');
    const value = firstWord(text.slice(key.index + key[0].length, used[index + 1]?.index ?? limit));
    if (!values.has(name)) values.set(name, value);
  }
  return {
    id: values.get('id') || undefined,
    stat: values.get('stat') || undefined,
    err: values.get('err') || undefined,
    submitDate: values.get('submit date') || undefined,
    textStart:
      last < 0
        ? undefined
        : text
            .slice(limit)
            .replace(/^[\s,;]*text\s*:/i, '')
            .trim() || undefined,
    raw: Array.from(values, ([name, value]) => `${name}:${value}`).join(' '),
  };
}

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

/** One name for the spellings of a key. */
function toName(key: string): string {
  const name = key
    .toLowerCase()
    .replace('_', ' ')
    .replace(/^(submit|done)date$/, '$1 date');
  if (name === 'state' || name === 'status') return 'stat';
  return name === 'error' ? 'err' : name;
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
