import type {Log} from '../../core/log.ts';
import type {Shared} from './ledger.ts';
import type {Seen} from './replica-work.ts';

export interface Replica {
  /** The number under which this process holds leases at present. */
  id(): number;
  /** For how long nobody can have given it up yet. */
  leasedForMs(): number;
  /** By the database's clock, Unix ms; NaN while it is not known. */
  now(): number;
  start(): Promise<void>;
  /** Gives back what it holds. */
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  call(name: 'join' | 'beat' | 'inherit', ...args: number[]): Promise<unknown>;
  shared: Shared;
  onPeers(count: number): void;
  log: Log;
}

const beatMs = 1000;
/** What was longer on its way tells too little of the time it is. */
const freshMs = 500;
/** With one more beat until somebody notices, what a dead replica held is free again in less than 10 s. */
const deadAfterMs = 6000;
/** Who has just come back to the database itself must not judge: the others may still be on their way. */
const beatsBeforeJudging = Math.ceil(deadAfterMs / beatMs) + 1;

/** Shows that this process lives, and takes over from those that do not. */
export function createReplica({call, shared, onPeers, log}: ReplicaOptions): Replica {
  let id = 0;
  let beats = 0;
  let aliveUntil = Number.NEGATIVE_INFINITY;
  let told = {now: Number.NaN, at: 0};
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function beat(): Promise<void> {
    const askedAt = performance.now();
    try {
      const seen = (await call('beat', id, deadAfterMs)) as Seen;
      const heardAt = performance.now();
      if (heardAt - askedAt <= freshMs) told = {now: seen.now, at: heardAt};
      shared.setOthers(new Map(seen.outbound.map(({platform, count}) => [platform, count])));
      onPeers(seen.peers);
      if (seen.isAlive) alive(askedAt);
      else await comeBack();
      if (beats >= beatsBeforeJudging) for (const dead of seen.dead) await inheritAll(dead, deadAfterMs);
    } catch (error) {
      beats = 0;
      log.warn('store.beat_failed', {why: error instanceof Error ? error.message : 'unknown error'});
    }
    if (!isStopped) timer = setTimeout(next, beatMs);
  }

  function alive(at: number): void {
    beats += 1;
    aliveUntil = at + deadAfterMs;
  }

  function next(): void {
    beating = beat();
  }

  async function comeBack(): Promise<void> {
    log.warn('store.given_up', {replica: id});
    shared.renew();
    aliveUntil = Number.NEGATIVE_INFINITY;
    id = (await call('join')) as number;
    beats = 0;
  }

  async function inheritAll(dead: number, unseenForMs: number): Promise<void> {
    log.info('store.inherits', {replica: dead});
    while (await call('inherit', dead, unseenForMs));
  }

  return {
    id: () => id,
    leasedForMs: () => aliveUntil - performance.now(),
    now: () => told.now + performance.now() - told.at,
    async start() {
      if (id === 0) id = (await call('join')) as number;
      if (timer === undefined) await beat();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await beating;
      await inheritAll(id, -deadAfterMs).catch(() => {});
    },
  };
}
