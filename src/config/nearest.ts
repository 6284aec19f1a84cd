/** The known word a mistyped one was probably meant to be. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map(candidate => ({candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase())}))
    .sort((a, b) => a.distance - b.distance);
  if (best === undefined || best.distance > Math.max(2, Math.floor(word.length / 3))) return undefined;
  return best.candidate;
}

/** `did you mean X?`, or the list of what is known. */
export function suggest(word: string, known: readonly string[]): string {
  const best = nearest(word, known);
  if (best !== undefined) return `did you mean \`${best}\`?`;
  if (known.length === 0) return 'there is none.';
  return `known are ${known.map(name => `\`${name}\``).join(', ')}.`;
}

/** Levenshtein's. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
