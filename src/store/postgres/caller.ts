import type {Meter} from '../../core/meter.ts';
import {whenGathered} from '../gather.ts';
import {StoreUnavailable} from '../store.ts';
import type {Outcome} from './abreast.ts';
import type {Call, Engine} from './engine.ts';

export interface Caller {
  call(name: string, args: unknown[]): Promise<unknown>;
  /** Takes no more, and waits for what was asked. */
  close(): Promise<void>;
}

interface Pending {
  name: string;
  args: unknown[];
  /** It stood back once: now it waits for whoever holds it up. */
  isLate: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Groups what comes while the last group is being written, and what follows from it. @param mostCalls of one transaction: each holds a lock */
export function createCaller(engine: Engine, mostCalls: number, meter?: Pick<Meter, 'committed'>): Caller {
  const waiting: Pending[] = [];
  let running: Promise<void> | undefined;
  let isClosed = false;

  async function run(): Promise<void> {
    for (;;) {
      await gathered();
      if (waiting.length === 0) break;
      const group = waiting.splice(0, mostCalls);
      const beganAt = performance.now();
      const outcomes = await engine.group(group.map(toCall));
      const later = group.filter((_, index) => isLater(outcomes[index]));
      const calls = group.length - later.length;
      meter?.committed({calls, tookMs: performance.now() - beganAt});
      for (const [index, pending] of group.entries()) deliver(pending, outcomes[index]);
      for (const pending of later) pending.isLate = true;
      waiting.unshift(...later);
    }
    running = undefined;
  }

  function gathered(): Promise<void> {
    return new Promise(resolve => whenGathered(() => waiting.length, resolve));
  }

  return {
    call(name, args) {
      if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
      return new Promise((resolve, reject) => {
        waiting.push({name, args, isLate: false, resolve, reject});
        running ??= run();
      });
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}

/** Alone it waits: nobody else would gain. */
function toCall({name, args, isLate}: Pending, _: number, {length}: readonly Pending[]): Call {
  return {name, args, mayComeLater: length > 1 && !isLate};
}

function isLater(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'later' in outcome;
}

function deliver({resolve, reject}: Pending, outcome: Outcome | undefined): void {
  if (outcome === undefined) reject(new Error('the store gave no answer'));
  else if ('error' in outcome) reject(outcome.error);
  else if ('value' in outcome) resolve(outcome.value);
}
