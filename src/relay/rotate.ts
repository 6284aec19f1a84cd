/** All of them, another one first each turn. */
export function rotate(names: string[], turn: number): string[] {
  const from = names.length === 0 ? 0 : turn % names.length;
  return [...names.slice(from), ...names.slice(0, from)];
}
