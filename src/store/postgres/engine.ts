import {operations} from '../operations/index.ts';
import {StoreUnavailable} from '../store.ts';
import type {Vault} from '../vault.ts';
import type {Db, Work} from '../work.ts';
import {driveAbreast, type Outcome, Tangled} from './abreast.ts';
import {toFailing, toSentence} from './failure.ts';
import {type Shared, writeCounts} from './ledger.ts';
import {type Link, toUnavailable} from './link.ts';

export interface Call {
  name: string;
  args: unknown[];
  /** Its outcome may be that it has to come again, in another group. */
  mayComeLater: boolean;
}

export interface Engine {
  /** All in one transaction; when it fails, its halves, and so on to each call in its own. Never rejects. */
  group(calls: readonly Call[]): Promise<Outcome[]>;
}

export type Operate = (db: Db, ...args: never[]) => Work<unknown>;

export interface EngineOptions {
  link: Link;
  /** Numbered within the replica. */
  writer: number;
  replica(): number;
  shared: Shared;
  vault: Vault;
  own: Readonly<Record<string, Operate>>;
  onReady(queues: string[]): void;
}

const mostTries = 6;
const againMs = 30;

export function createEngine({link, writer, replica, shared, vault, own, onReady}: EngineOptions): Engine {
  const operate: Readonly<Record<string, Operate>> = {...operations, ...own};

  async function tryTogether(calls: readonly Call[]): Promise<Outcome[]> {
    const ledger = shared.begin();
    try {
      const outcomes = await link.transaction(async (session, now) => {
        const runs = calls.map(({name, args, mayComeLater}) => {
          const held = new Set<string>();
          const operation = operate[name];
          if (operation === undefined) throw new Error(`there is no operation ${name}`);
          const work = operation({now, ledger, vault, held, phones: shared.phones}, ...(args as never[]));
          return {work, held, mayComeLater};
        });
        const done = await driveAbreast(session, runs);
        for (const outcome of done)
          if ('error' in outcome && !isRefusal(outcome.error)) throw new Faulty(outcome.error);
        await driveAbreast(session, [{work: writeCounts(replica(), writer, ledger.changes()), held: new Set()}]);
        return done;
      });
      const ready = ledger.commit();
      if (ready.length > 0) onReady(ready);
      return outcomes;
    } catch (error) {
      ledger.rollback();
      throw error;
    }
  }

  async function together(calls: readonly Call[], tries: number): Promise<Outcome[]> {
    try {
      return await tryTogether(calls);
    } catch (error) {
      if (error instanceof Tangled && calls.length > 1) return apart(calls);
      const failing = error instanceof Faulty ? 'fault' : toFailing(error);
      if (failing === 'unavailable') return calls.map(() => ({error: toUnavailable(error)}));
      if (failing === 'again' && tries < mostTries) return againLater(calls, tries + 1);
      return calls.length > 1 ? apart(calls) : [{error: toLast(error)}];
    }
  }

  async function againLater(calls: readonly Call[], tries: number): Promise<Outcome[]> {
    await new Promise(resolve => setTimeout(resolve, Math.random() * againMs * 2 ** tries));
    return together(calls, tries);
  }

  /** None comes later: one of the second half about the same phone would be ahead of it. */
  async function apart(calls: readonly Call[]): Promise<Outcome[]> {
    const all = calls.map(call => ({...call, mayComeLater: false}));
    const middle = Math.ceil(all.length / 2);
    const first = await together(all.slice(0, middle), 0);
    return [...first, ...(await together(all.slice(middle), 0))];
  }

  return {group: calls => together(calls, 0)};
}

/** For the one call that failed by itself. */
function toLast(error: unknown): unknown {
  if (error instanceof Faulty) return error.cause;
  return toFailing(error) === 'again' ? toUnavailable(error) : new Error(toSentence(error));
}

/** Thrown before its first write: the others of the group need not be told. */
function isRefusal(error: unknown): boolean {
  return error instanceof StoreUnavailable;
}

/** An operation that found what can't be: what it has written so far must not stay. */
class Faulty extends Error {
  constructor(cause: unknown) {
    super('an operation failed', {cause});
    this.name = 'Faulty';
  }
}
