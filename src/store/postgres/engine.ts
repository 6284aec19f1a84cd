import type {StoreOptions} from '../index.ts';
import {askRoom, createRooms, type Lease, type Room, type Rooms} from '../offers.ts';
import {operations} from '../operations/index.ts';
import {toMessageSeq} from '../rows.ts';
import {type Claim, StoreUnavailable} from '../store.ts';
import type {Vault} from '../vault.ts';
import type {Db, Work} from '../work.ts';
import {driveAbreast, type Outcome, Tangled} from './abreast.ts';
import {phoneOf, remember} from './claim.ts';
import {toFailing, toSentence} from './failure.ts';
import {type Shared, writeCounts} from './ledger.ts';
import {type Link, toUnavailable} from './link.ts';
import type {Session} from './session.ts';

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
  offer: StoreOptions['offer'];
  onReady(queues: string[]): void;
}

interface Group {
  calls: readonly Call[];
  offered?: readonly Room[];
  /** Of its one transaction: what there was room for. */
  onLeased?(claims: readonly Claim[]): void;
}

const mostTries = 6;
const againMs = 30;

export function createEngine({link, writer, replica, shared, vault, own, offer, onReady}: EngineOptions): Engine {
  const operate: Readonly<Record<string, Operate>> = {...operations, ...own};

  async function tryTogether({calls, offered = [], onLeased}: Group): Promise<Outcome[]> {
    const ledger = shared.begin();
    let rooms: (Rooms & {claims: Claim[]}) | undefined;
    try {
      const outcomes = await link.transaction(async (session, now) => {
        const lease = offered.length === 0 ? undefined : await drawLease(session, replica());
        rooms = lease && createRooms(offered, lease);
        const runs = calls.map(({name, args, mayComeLater}) => {
          const held = new Set<string>();
          const operation = operate[name];
          if (operation === undefined) throw new Error(`there is no operation ${name}`);
          const work = operation({now, ledger, vault, held, rooms, phones: shared.phones}, ...(args as never[]));
          return {work, held, mayComeLater};
        });
        const done = await driveAbreast(session, runs);
        for (const outcome of done)
          if ('error' in outcome && !isRefusal(outcome.error)) throw new Faulty(outcome.error);
        await driveAbreast(session, [{work: writeCounts(replica(), writer, ledger.changes()), held: new Set()}]);
        return done;
      });
      const ready = ledger.commit();
      if (rooms !== undefined) onLeased?.(rooms.claims);
      if (ready.length > 0) onReady(ready);
      return outcomes;
    } catch (error) {
      ledger.rollback();
      throw error;
    }
  }

  async function together(group: Group, tries: number): Promise<Outcome[]> {
    const {calls} = group;
    try {
      return await tryTogether(group);
    } catch (error) {
      if (error instanceof Tangled && calls.length > 1) return apart(calls);
      const failing = error instanceof Faulty ? 'fault' : toFailing(error);
      if (failing === 'unavailable') return calls.map(() => ({error: toUnavailable(error)}));
      if (failing === 'again' && tries < mostTries) return againLater(group, tries + 1);
      return calls.length > 1 ? apart(calls) : [{error: toLast(error)}];
    }
  }

  async function againLater(group: Group, tries: number): Promise<Outcome[]> {
    await new Promise(resolve => setTimeout(resolve, Math.random() * againMs * 2 ** tries));
    return together(group, tries);
  }

  /** None comes later: one of the second half about the same phone would be ahead of it. */
  async function apart(calls: readonly Call[]): Promise<Outcome[]> {
    const all = calls.map(call => ({...call, mayComeLater: false}));
    const middle = Math.ceil(all.length / 2);
    const first = await together({calls: all.slice(0, middle)}, 0);
    return [...first, ...(await together({calls: all.slice(middle)}, 0))];
  }

  async function group(calls: readonly Call[]): Promise<Outcome[]> {
    const offered = askRoom(
      offer,
      calls.map(({name}) => name),
    );
    let leased: readonly Claim[] = [];
    const onLeased = (claims: readonly Claim[]) => {
      leased = claims;
      for (const {job, work} of claims) remember(shared, toMessageSeq(job), phoneOf(work));
    };
    const outcomes = await together({calls, offered: offered?.rooms, onLeased}, 0);
    offered?.end(leased);
    return outcomes;
  }

  return {group};
}

/** A replica that was given up for dead leases nothing: nobody would inherit it. One fence is enough for all that one transaction leases. */
const drawFence = `select nextval('fence') as fence from replica where id = $1 for key share skip locked`;

async function drawLease(session: Session, holder: number): Promise<Lease | undefined> {
  const [answer] = await session.queryAll(drawFence, [[holder]]);
  const [drawn] = (answer?.rows ?? []) as Array<{fence: number}>;
  return drawn && {fence: drawn.fence, holder};
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
