import {isSenderName, toPhone} from '../core/address.ts';
import {parseTime} from '../core/point-in-time.ts';

/** Opt-out lists as CSV (RFC 4180): `phone,list,state,at,source`; of an imported file only `phone` is needed. Pure. */

export interface ConsentLine {
  phone: string;
  list: string;
  state: 'in' | 'out';
  /** Unix ms. */
  at?: number;
}

/** @param given what every line has that does not say otherwise */
export function parseConsentCsv(text: string, given: {list: string | undefined; state: string | undefined}) {
  const parsed = parseRows(text.replace(/^\uFEFF/, ''));
  if (parsed === undefined) return {entries: [], mistakes: ['A quote in it does not end where its cell does.']};
  const [head = [], ...rows] = parsed;
  const names = head.map(name => name.trim().toLowerCase());
  if (!names.includes('phone')) return {entries: [], mistakes: ['Its first line must name a column phone.']};
  const entries: ConsentLine[] = [];
  const mistakes: string[] = [];
  rows.forEach((row, index) => {
    const of = (name: string) => row[names.indexOf(name)]?.trim() ?? '';
    const line = toLine(of('phone'), of('list') || given.list, of('state') || given.state || 'out', of('at'));
    if (typeof line === 'string') mistakes.push(`line ${index + 2}: ${line}`);
    else entries.push(line);
  });
  return {entries, mistakes};
}

function toLine(written: string, list: string | undefined, state: string, at: string): ConsentLine | string {
  if (written === '') return 'it has no phone.';
  const phone = toPhone(written);
  if (phone === undefined)
    return isSenderName(written) ? noNumber : 'its phone needs its country code, as +14155550123.';
  if (list === undefined) return 'it names no list: add the column, or say --list.';
  if (state !== 'in' && state !== 'out') return 'its state must be in or out.';
  const time = parseTime(at);
  if (time === undefined && at !== '') return 'its time must be written as 2026-11-20T12:00:00Z.';
  return {phone, list, state, ...(time === undefined ? {} : {at: time})};
}

const noNumber = 'its phone is no number, as +14155550123: a spreadsheet may have rounded it.';

/** Quoted cells may hold commas, quotes and ends of lines; empty lines are none. */
function parseRows(text: string): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) return undefined;
    const [, value = '', end] = match;
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',') continue;
    if (row.some(one => one !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
