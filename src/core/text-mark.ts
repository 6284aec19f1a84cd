/**
 * What is kept of a text's beginning where only a comparison is wanted: how many letters and digits it had, and a sum of 16 bits over them.
 * It tells two texts apart and does not tell what either says.
 */
export interface TextMark {
  letters: number;
  sum: number;
}

const fewest = 3;
const most = 40;

/** Undefined when too little stands there to tell one text from another. */
export function toTextMark(start: string): TextMark | undefined {
  const letters = toLetters(start.slice(0, 4 * most)).slice(0, most);
  return letters.length < fewest ? undefined : {letters: letters.length, sum: toSum(letters)};
}

/**
 * False only when the text surely has no such beginning, or no such place for one that is not its first segment: what is not ASCII comes back
 * from an SMSC in many ways and proves nothing.
 */
export function fitsTextMark(text: string, {letters: count, sum}: TextMark, isFirst: boolean): boolean {
  const [head = ''] = /^[\t-~]*/.exec(text) ?? [];
  const isWhole = head.length === text.length;
  const letters = toLetters(head);
  if (isFirst) return letters.length < count ? !isWhole : toSum(letters.slice(0, count)) === sum;
  if (!isWhole) return true;
  for (let at = 0; at + count <= letters.length; at += 1) {
    if (toSum(letters.slice(at, at + count)) === sum) return true;
  }
  return false;
}

function toLetters(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, '');
}

/** FNV-1a of 32 bits, folded (draft-eastlake-fnv). */
function toSum(letters: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < letters.length; at += 1) hash = Math.imul(hash ^ letters.charCodeAt(at), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}
