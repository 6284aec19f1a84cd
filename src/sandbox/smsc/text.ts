import type {Message} from './pdu.ts';

/** How a handset reads and writes texts (3GPP TS 23.038, 23.040), written apart from the gateway's own so that each finds the other's mistakes. */
const gsm = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');
const escaped: ReadonlyArray<readonly [string, number]> = [
  ['\f', 10],
  ['^', 20],
  ['{', 40],
  ['}', 41],
  ['\\', 47],
  ['[', 60],
  ['~', 61],
  [']', 62],
  ['|', 64],
  ['€', 101],
];

export interface Segment {
  /** Undefined for a text that stands alone. */
  reference: string | undefined;
  part: number;
  total: number;
  dataCoding: number;
  data: Buffer;
}

const tag = {payload: 0x0424, sarReference: 0x020c, sarTotal: 0x020e, sarPart: 0x020f} as const;

export function readSegment(message: Message): Segment {
  const {dataCoding, esmClass, tlvs} = message;
  const body = message.shortMessage.length > 0 ? message.shortMessage : (tlvs.get(tag.payload) ?? message.shortMessage);
  const whole = {reference: undefined, part: 1, total: 1, dataCoding, data: body};
  const sar = tlvs.get(tag.sarReference);
  if (sar !== undefined) {
    const [total = 1] = tlvs.get(tag.sarTotal) ?? [];
    const [part = 1] = tlvs.get(tag.sarPart) ?? [];
    return {...whole, reference: `sar${sar.toString('hex')}`, part, total};
  }
  if ((esmClass & 0x40) === 0) return whole;
  const octets = (body[0] ?? 0) + 1;
  const data = body.subarray(octets);
  if (body[1] === 0x00) return {...whole, reference: `8-${body[3]}`, total: body[4] ?? 1, part: body[5] ?? 1, data};
  if (body[1] === 0x08) {
    return {...whole, reference: `16-${body.readUInt16BE(3)}`, total: body[5] ?? 1, part: body[6] ?? 1, data};
  }
  return {...whole, data};
}

export function decode(data: Buffer, dataCoding: number): string {
  if (dataCoding === 8) return Buffer.from(data).swap16().toString('utf16le');
  if (dataCoding !== 0) return data.toString('latin1');
  let text = '';
  for (let index = 0; index < data.length; index += 1) {
    const septet = data[index] ?? 0;
    if (septet !== 0x1b) text += gsm[septet] ?? '';
    else {
      index += 1;
      text += escaped.find(([, code]) => code === data[index])?.[0] ?? ' ';
    }
  }
  return text;
}

/** The user data of each part a phone sends, header included where there are several. */
export function encodeFromPhone(
  text: string,
  reference: number,
): Array<{dataCoding: number; esmClass: number; bytes: Buffer}> {
  const septets = toSeptets(text);
  const units = septets ?? [...text].map(character => Buffer.from(character, 'utf16le').swap16());
  const octets = units.reduce((sum, unit) => sum + unit.length, 0);
  const [single, several] = septets === undefined ? [140, 134] : [160, 153];
  const parts = octets <= single ? [units] : cut(units, several);
  return parts.map((part, index) => {
    const header = parts.length > 1 ? Buffer.of(5, 0, 3, reference & 0xff, parts.length, index + 1) : Buffer.alloc(0);
    return {
      dataCoding: septets === undefined ? 8 : 0,
      esmClass: parts.length > 1 ? 0x40 : 0,
      bytes: Buffer.concat([header, ...part]),
    };
  });
}

function toSeptets(text: string): Buffer[] | undefined {
  const units = [...text].map(character => {
    const extension = escaped.find(([each]) => each === character);
    if (extension !== undefined) return Buffer.of(0x1b, extension[1]);
    const code = gsm.indexOf(character);
    return code < 0 || code === 0x1b ? undefined : Buffer.of(code);
  });
  return units.every(unit => unit !== undefined) ? units : undefined;
}

function cut(units: readonly Buffer[], capacity: number): Buffer[][] {
  const parts: Buffer[][] = [];
  let room = 0;
  for (const unit of units) {
    if (unit.length > room) {
      parts.push([]);
      room = capacity;
    }
    parts.at(-1)?.push(unit);
    room -= unit.length;
  }
  return parts;
}
