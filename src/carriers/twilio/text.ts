/** `Body` takes 1,600 characters (error 21617). Counted as UTF-16 units: never more than Twilio counts. */
export const longestBody = 1600;

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/**
 * The texts of the messages a long text travels as, in order; joined they are the text again. Cut after the last white space of
 * the second half, else between two graphemes: never inside an emoji or a combined letter, unless one alone is too long.
 */
export function splitBody(text: string, most = longestBody): string[] {
  if (text.length <= most) return [text];
  const bodies: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const cut = toCut(rest, most);
    bodies.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...bodies, rest];
}

function toCut(text: string, most: number): number {
  const head = text.slice(0, most);
  const space = /^.*\s/s.exec(head)?.[0].length ?? 0;
  if (space > most / 2) return space;
  let cut = 0;
  for (const {index} of graphemes.segment(text.slice(0, most + 64))) {
    if (index > most) break;
    cut = index;
  }
  if (cut > 0) return cut;
  return /[\ud800-\udbff]$/.test(head) ? most - 1 : most;
}

/** GSM 03.38: the basic alphabet counts one, its extension two (3GPP 23.038 6.2.1). */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

/** How many SMS Twilio makes of a body: what a sender's pace counts. Near enough where parts end inside a pair. */
export function countSms(body: string): number {
  let septets = 0;
  for (const character of body) {
    if (!basic.has(character) && !extension.has(character)) return countParts(body.length, 70, 67);
    septets += basic.has(character) ? 1 : 2;
  }
  return countParts(septets, 160, 153);
}

function countParts(length: number, single: number, part: number): number {
  return length <= single ? 1 : Math.ceil(length / part);
}
