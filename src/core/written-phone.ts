const escaped = /\\u([\da-f]{4})/gi;
/** What may stand between the digits of a number: blanks, brackets, dots, hyphens of any kind, marks of direction. */
const between = /[\s().\p{Pd}\p{Cf}]+/gu;
/** For calls within a country: `+44 (0)7700 900001`. */
const ownZero = '(0)';

/** Whether a number stands in words of others, as contact lists have it too: with blanks and marks between its digits, wide digits, escaped in JSON. */
export function isWrittenIn(words: string, digits: string): boolean {
  if (words.includes(digits)) return true;
  const characters = words.replace(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return characters.normalize('NFKC').replaceAll(ownZero, '').replace(between, '').includes(digits);
}
