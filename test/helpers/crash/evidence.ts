import type {NexusPost} from '../../../src/sandbox/nexus.ts';
import type {Peers} from '../../../src/sandbox/peers.ts';
import type {Promises} from './promises.ts';
import type {Known} from './read-back.ts';
import type {Run} from './runs.ts';

/** Everything both sides know when all is quiet. */
export interface Evidence {
  promises: Promises;
  runs: readonly Run[];
  /** When a process that lived on heard nothing of its store: others may do again what it had begun. */
  silences?: readonly End[];
  peers: Peers;
  /** Receipts, by the SMSC's id, that were answered with OK. */
  receipted: ReadonlySet<string>;
  /** Final states at Twilio, by the SID, whose callback was answered 2XX. */
  calledBack: ReadonlyMap<string, string>;
  outbound: readonly Known[];
  inbound: readonly Known[];
}

/** A process ended, or was given up for dead. */
export type End = Pick<Run, 'killedAt' | 'exitedAt'>;

/** What a process has sent is still read this long after its end, on a busy machine. */
const lagMs = 500;

/** Did a process end between these moments? Then its successor may do again what had no answer. */
export function wasKilledBetween(runs: readonly End[], from: number, to: number): boolean {
  return runs.some(({killedAt, exitedAt}) => {
    return killedAt !== undefined && killedAt <= to && (exitedAt ?? killedAt) + lagMs >= from;
  });
}

export function eventsOf(known: Known, event: string, detail: Record<string, unknown> = {}): Known['events'] {
  return known.events.filter(
    each => each.event === event && Object.entries(detail).every(([key, value]) => each.detail?.[key] === value),
  );
}

/** Stamps of two processes on one machine. */
const skewMs = 50;
/** From a claim to its post: who has taken it over is not stopped when the word comes that it was posted. */
const claimedMs = 1500;

/**
 * One and the same post may come again only by the next process, when the one before was killed before it had written down the answer; or was given
 * up before it had, and then both write it down. `posted` is when that was.
 */
export function checkRepeats(
  what: string,
  posts: readonly NexusPost[],
  posted: Known['events'],
  {runs, silences = []}: Pick<Evidence, 'runs' | 'silences'>,
) {
  const wrong: string[] = [];
  const [first, last] = [posts[0]?.at ?? 0, posts.at(-1)?.at ?? 0];
  const mayBeTwo = posted.length <= posts.length && wasKilledBetween(silences, first, last);
  if (posted.length !== 1 && !(posted.length > 1 && mayBeTwo))
    wrong.push(`${what} was written down as posted ${posted.length} times`);
  for (const [index, post] of posts.entries()) {
    if (!post.signatureOk || post.status !== 200) wrong.push(`${what} was answered ${post.status} by Nexus`);
    const before = posts[index - 1];
    if (before !== undefined && !wasKilledBetween([...runs, ...silences], before.at, post.at)) {
      wrong.push(`${what} was posted twice by one process, at ${before.at} and ${post.at}`);
    }
    const [end] = posted;
    const latest = (end?.at ?? Number.POSITIVE_INFINITY) + (silences.length > 0 ? claimedMs : skewMs);
    if (post.at > latest) wrong.push(`${what} was posted again at ${post.at}, after its answer at ${end?.at}`);
  }
  return wrong;
}
