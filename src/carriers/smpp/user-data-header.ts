import type {Shifts} from './alphabet/national.ts';

export interface UserDataHeader {
  /** With its length octet. */
  octets: number;
  concatenation: {reference: number; width: '8' | '16' | 'sar'; part: number; total: number} | undefined;
  shifts: Shifts;
}

const element = {concatenation8: 0x00, concatenation16: 0x08, singleShift: 0x24, lockingShift: 0x25} as const;

/** 3GPP TS 23.040 9.2.3.24. Undefined when the octets are no header: then they are text. Elements it does not know are skipped. */
export function parseHeader(body: Buffer): UserDataHeader | undefined {
  const octets = (body[0] ?? 0) + 1;
  if (body.length === 0 || octets > body.length) return undefined;
  const header: UserDataHeader = {octets, concatenation: undefined, shifts: {}};
  let at = 1;
  while (at + 2 <= octets) {
    const length = body[at + 1] ?? 0;
    const value = body.subarray(at + 2, Math.min(at + 2 + length, octets));
    apply(header, body[at] ?? 0, value);
    at += 2 + length;
  }
  return header;
}

function apply(header: UserDataHeader, id: number, value: Buffer): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = value;
  if (id === element.singleShift && value.length === 1) header.shifts.single = first;
  if (id === element.lockingShift && value.length === 1) header.shifts.locking = first;
  if (id === element.concatenation8 && value.length === 3 && isPart(third, second)) {
    header.concatenation = {reference: first, width: '8', part: third, total: second};
  }
  if (id === element.concatenation16 && value.length === 4 && isPart(fourth, third)) {
    header.concatenation = {reference: first * 256 + second, width: '16', part: fourth, total: third};
  }
}

/** Reference 0 is a reference; part 0, or a part beyond the total, is none: such a text stands alone (9.2.3.24.1). */
function isPart(part: number, total: number): boolean {
  return part >= 1 && total >= 1 && part <= total;
}
