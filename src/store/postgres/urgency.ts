import type {Priority} from '../../core/message.ts';

/** A campaign that has been quiet for so long is over. */
const quietMs = 1000;

interface Prioritized {
  priority?: Priority;
}

/**
 * Whether a call must not stand behind others: the start of an agent's text while a campaign is written down. At all other times it shares a
 * transaction with what else there is, which costs less.
 */
export function createUrgency(now: () => number): (name: string, args: readonly unknown[]) => boolean {
  let bulkAt = Number.NEGATIVE_INFINITY;

  return (name, args) => {
    if (name !== 'acceptOutbound' && name !== 'start') return false;
    const {priority} = args[0] as Prioritized;
    if (priority === 'bulk') bulkAt = now();
    return name === 'start' && priority === 'interactive' && now() - bulkAt < quietMs;
  };
}
