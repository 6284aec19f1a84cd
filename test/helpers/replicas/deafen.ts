import type {Way} from '../../store/way.ts';
import {clock, sleep} from '../crash/clock.ts';
import type {End} from '../crash/evidence.ts';
import type {Random} from '../crash/random.ts';

/** What may become of a replica's way to its database: its commits are answered no more, some of its connections are dead, answers come late. */
export type Trouble = 'commits' | 'some' | 'late';

export interface Deaf {
  troubles: readonly [Trouble, ...Trouble[]];
  /** The shortest and the longest time for which all is well, */
  everyMs: readonly [number, number];
  /** and for which one of the troubles lasts. */
  forMs: readonly [number, number];
}

const answerMs = [100, 5000] as const;

/** Until a process knows what became of what it had asked. */
const heardWithinMs = 3000;

export interface Deafening {
  way: Way;
  random: Random;
  deaf: Deaf | undefined;
  isOver(): boolean;
}

const cause: Record<Trouble, (on: Pick<Deafening, 'way' | 'random'>) => void> = {
  commits: ({way}) => way.silenceCommits(),
  some: ({way, random}) => way.silenceSome(() => random.chance(1 / 3)),
  late: ({way, random}) => way.delayAnswers(random.between(...answerMs)),
};

export async function deafen({way, random, deaf, isOver}: Deafening): Promise<End[]> {
  const silences: End[] = [];
  while (deaf !== undefined && !isOver()) {
    await sleep(random.between(...deaf.everyMs));
    cause[random.pick(deaf.troubles)]({way, random});
    const killedAt = clock();
    await sleep(random.between(...deaf.forMs));
    way.restore();
    silences.push({killedAt, exitedAt: clock() + heardWithinMs});
  }
  return silences;
}
