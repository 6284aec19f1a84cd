/**
 * Whether `words` stand in `text`. It takes as long as both are together (Knuth, Morris and Pratt 1977): `includes` may take as long as one times the
 * other, and a webhook of a megabyte that means it to would hold up everybody for minutes.
 */
export function isSaid(text: string, words: string): boolean {
  if (words.length > text.length) return false;
  const back = toBack(words);
  let fitting = 0;
  for (let at = 0; at < text.length && fitting < words.length; at += 1) {
    fitting = goOn(words, back, fitting, text.charCodeAt(at));
  }
  return fitting === words.length;
}

/** How much of `words` still fits where the next letter does not, by how much fitted before. */
function toBack(words: string): Uint32Array {
  const back = new Uint32Array(words.length + 1);
  let fitting = 0;
  for (let at = 1; at < words.length; at += 1) {
    fitting = goOn(words, back, fitting, words.charCodeAt(at));
    back[at + 1] = fitting;
  }
  return back;
}

function goOn(words: string, back: Uint32Array, before: number, letter: number): number {
  let fitting = before;
  while (fitting > 0 && words.charCodeAt(fitting) !== letter) fitting = back[fitting] ?? 0;
  return words.charCodeAt(fitting) === letter ? fitting + 1 : 0;
}
