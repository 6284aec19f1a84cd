import type {Way} from '../../store/way.ts';
import {clock, sleep} from '../crash/clock.ts';
import type {End} from '../crash/evidence.ts';
import type {Random} from '../crash/random.ts';

/** The shortest and the longest time for which a replica is answered by its database, and for which it is not. */
export interface Deaf {
  everyMs: readonly [number, number];
  forMs: readonly [number, number];
}

/** Until a process knows what became of what it had asked. */
const heardWithinMs = 3000;

export interface Deafening {
  way: Way;
  random: Random;
  deaf: Deaf | undefined;
  isOver(): boolean;
}

export async function deafen({way, random, deaf, isOver}: Deafening): Promise<End[]> {
  const silences: End[] = [];
  while (deaf !== undefined && !isOver()) {
    await sleep(random.between(...deaf.everyMs));
    way.silenceCommits();
    const killedAt = clock();
    await sleep(random.between(...deaf.forMs));
    way.restore();
    silences.push({killedAt, exitedAt: clock() + heardWithinMs});
  }
  return silences;
}
