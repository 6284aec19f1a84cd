import {until} from '../until.ts';
import {clock} from './clock.ts';

/** Twilio's callbacks come one after the other: when none has for so long, there are none to come. */
const silentMs = 2000;
const mostTold = 10;

/** Waits until nothing is left of what `look` names; fails with what is. */
export async function untilNone(look: () => Promise<string[]>, deadlineMs: number): Promise<void> {
  let left: string[] = [];
  const words = () => `all to be quiet; there are left ${left.length}: ${left.slice(0, mostTold).join('; ')}`;
  const isNone = async () => {
    left = await look();
    return left.length === 0;
  };
  await until(words, isNone, deadlineMs);
}

/** Submissions whose receipt was not taken yet, and Twilio while it may have more to tell; `heardAt` is when it told last. */
export function toLoud(
  submits: ReadonlyArray<{messageId: string | undefined}>,
  receipted: ReadonlySet<string>,
  heardAt: number,
): string[] {
  const untaken = submits.filter(({messageId}) => messageId === undefined || !receipted.has(messageId));
  const loud = untaken.map(({messageId}) => `no receipt was taken for ${messageId ?? 'a submission not answered'}`);
  return clock() - heardAt > silentMs ? loud : [...loud, 'Twilio still tells'];
}
