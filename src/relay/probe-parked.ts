import type {Outcome} from '../core/outcome.ts';
import type {Claim, Store} from '../store/store.ts';
import type {Tried} from './post.ts';

export interface ParkedProbeOptions {
  store: Pick<Store, 'claim'>;
  attempt(claim: Claim): Promise<Tried>;
  /** Decides and settles. */
  end(tried: Tried): Promise<void>;
  giveBack(claim: Claim): Promise<void>;
}

/** Who stops waits for it. */
const longestMs = 10_000;
/** Of different lanes; more would be many calls for a mistake that concerns all. */
const mostTried = 10;

/**
 * Tries one of a parked queue, and when it is refused some others: it may be refused alone, by a firewall that dislikes its words or a platform that
 * does not know its message. What is refused before one that passes, and once more after it, ends: else it would hold up its channel for ever. As long as
 * none passes nothing ends, and the next probe begins with others. Answers whether one passed, or none waits.
 */
export function createParkedProbe({store, attempt, end, giveBack}: ParkedProbeOptions) {
  return async (queue: string): Promise<boolean> => {
    const endAt = performance.now() + longestMs;
    const isLate = () => performance.now() > endAt;
    const claims = await store.claim([queue], 1);
    const refused: Tried[] = [];
    let isPassing = claims.length === 0;
    for (let claim = claims.shift(); claim !== undefined; claim = claims.shift()) {
      const tried = await attempt(claim);
      if (!isParking(tried.outcome)) {
        await end(tried);
        isPassing = tried.outcome.kind === 'taken';
        break;
      }
      refused.push(tried);
      if (isLate()) break;
      if (refused.length === 1) claims.push(...(await claimOthers(queue)));
    }
    for (const claim of claims) await giveBack(claim);
    for (const tried of refused) await (isPassing && !isLate() ? tryAgain(tried) : end({...tried, isRotated: true}));
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
    await end({...tried, outcome: toAlone(tried.outcome)});
  }
}

function isParking(outcome: Outcome): outcome is Extract<Outcome, {kind: 'unavailable'}> {
  return outcome.kind === 'unavailable' && outcome.scope === 'queue';
}

/** The setting its reason speaks of is right for the others. */
function toAlone(outcome: Outcome): Outcome {
  if (!isParking(outcome)) return outcome;
  const {reason, detail} = outcome;
  const message = `it alone, for others of its channel pass: ${reason.message}`;
  return {kind: 'refused', scope: 'message', reason: {...reason, message}, ...(detail !== undefined && {detail})};
}
