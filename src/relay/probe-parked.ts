import type {Outcome} from '../core/outcome.ts';
import type {Claim, Store} from '../store/store.ts';
import type {Tried} from './post.ts';

export interface ParkedProbeOptions {
  store: Pick<Store, 'claim'>;
  attempt(claim: Claim): Promise<Tried>;
  /** Decides and settles. */
  end(tried: Tried): Promise<void>;
  giveBack(claim: Claim): Promise<void>;
  /** Nobody else can have taken it over. */
  isHeld(claim: Claim): boolean;
  /** Nobody has stopped it meanwhile. */
  mayGoOn(queue: string): boolean;
  now(): number;
}

/** After it nothing more is begun: other parked queues wait for their turn. */
const longestMs = 10_000;
/** Due later than all that is due now. */
const behindMs = 1;
/** Of different lanes; more would be many calls for a mistake that concerns all. */
const mostTried = 10;
/** Far sides that disagree among themselves, while a secret is changed at one after the other, do so no longer. */
const doubtMs = 300_000;
const mostDoubted = 10_000;

/**
 * Tries one of a parked queue, and when it is refused some others beside each other: it may be refused alone, by a firewall that dislikes its words or a
 * platform that does not know its message. What is refused while another passes, and once more after it, waits by itself; if that is so again after
 * five minutes it ends: else it would hold up its channel for ever. As long as none passes nothing ends, and the next probe begins with others. Answers
 * whether one passed, or none waits.
 */
export function createParkedProbe({store, attempt, end, giveBack, isHeld, mayGoOn, now}: ParkedProbeOptions) {
  /** Since when, by job. */
  const alone = new Map<number, number>();

  return async (queue: string): Promise<boolean> => {
    const endAt = performance.now() + longestMs;
    const isOver = () => performance.now() > endAt || !mayGoOn(queue);
    const [claim] = await store.claim([queue], 1);
    if (claim === undefined) return true;
    const first = await attempt(claim);
    const others = isParking(first.outcome) && !isOver() ? await claimOthers(queue) : [];
    const goesOn = !isOver();
    if (!goesOn) await Promise.all(others.map(giveBack));
    const tried = [first, ...(goesOn ? await Promise.all(others.map(attempt)) : [])];
    const isPassing = tried.some(({outcome}) => outcome.kind === 'taken');
    const isTriedAgain = isPassing && !isOver();
    await Promise.all(
      tried.map(each => {
        if (!isParking(each.outcome)) return end(each);
        return isTriedAgain && isHeld(each.claim) ? tryAgain(each) : end({...each, againInMs: behindMs});
      }),
    );
    return isPassing;
  };

  /** Without a store there are none: the one that is held has to be settled all the same. */
  async function claimOthers(queue: string): Promise<Claim[]> {
    try {
      return await store.claim([queue], mostTried - 1);
    } catch {
      return [];
    }
  }

  async function tryAgain({claim}: Tried): Promise<void> {
    const tried = await attempt(claim);
    const {outcome} = tried;
    if (!isParking(outcome)) return end(tried);
    const told = toAlone(outcome);
    if (now() - sinceWhen(claim) < doubtMs) return end({...tried, outcome: told, againInMs: doubtMs});
    alone.delete(claim.job);
    const {reason, detail} = told;
    await end({...tried, outcome: {kind: 'refused', scope: 'message', reason, ...(detail && {detail})}});
  }

  function sinceWhen({job}: Claim): number {
    const known = alone.get(job);
    if (known !== undefined) return known;
    const [oldest] = alone.keys();
    if (alone.size >= mostDoubted && oldest !== undefined) alone.delete(oldest);
    const at = now();
    alone.set(job, at);
    return at;
  }
}

type Parking = Extract<Outcome, {kind: 'unavailable'}>;

function isParking(outcome: Outcome): outcome is Parking {
  return outcome.kind === 'unavailable' && outcome.scope === 'queue';
}

/** The setting its reason speaks of is right for the others. */
function toAlone({reason, ...outcome}: Parking): Parking {
  const message = `it alone, for others of its channel pass: ${reason.message}`;
  return {...outcome, scope: 'message', reason: {...reason, message}};
}
