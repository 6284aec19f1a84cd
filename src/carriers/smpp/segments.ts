import type {Charset} from './alphabet/charset.ts';

/** Octets of user data in one SMS (3GPP TS 23.040 9.2.3.16). */
const userDataOctets = 140;

/** Units of a charset that fit beside a header of so many octets. */
export function toCapacity(unit: Charset['unit'], headerOctets: number): number {
  const octets = userDataOctets - headerOctets;
  if (unit === 'septet') return Math.floor((octets * 8) / 7);
  return unit === 'utf16' ? Math.floor(octets / 2) : octets;
}

/**
 * Cuts a text into pieces of at most `capacity` units: never inside a surrogate pair, an escape pair or CR LF, and not inside a grapheme
 * (a flag, a family, a letter with its accents) unless keeping it whole would cost another segment.
 */
export function cutText(text: string, charset: Charset, capacity: number): string[] {
  if (isSimple(text)) return fill(text.match(/\r\n|[\s\S]/g) ?? [], charset, capacity);
  const smallest = fill(Array.from(text), charset, capacity);
  const graphemes = Array.from(graphemesOf.segment(text), part => part.segment);
  const whole = fill(
    graphemes.flatMap(grapheme => (charset.count(grapheme) > capacity ? Array.from(grapheme) : [grapheme])),
    charset,
    capacity,
  );
  return whole.length > smallest.length ? smallest : whole;
}

const graphemesOf = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** Latin, Greek, Cyrillic, Han and the euro: every character is a grapheme of its own, CR LF apart. Asking the segmenter costs several times more. */
function isSimple(text: string): boolean {
  return /^[\0-\u02ff\u0370-\u0482\u048a-\u052f\u20ac\u4e00-\u9fff]*$/.test(text);
}

function fill(atoms: readonly string[], charset: Charset, capacity: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const atom of atoms) {
    const size = charset.count(atom);
    if (used + size > capacity && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += atom;
    used += size;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}
