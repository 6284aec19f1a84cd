/** Dice that fall alike for one seed (mulberry32): what a failed run did can be tried again. */
export interface Random {
  /** 0 to 1. */
  next(): number;
  /** An integer from `least` to `most`. */
  between(least: number, most: number): number;
  /** True in so many of one. */
  chance(share: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: share => next() < share,
    pick: items => items[Math.floor(next() * items.length)] ?? items[0],
  };
}
