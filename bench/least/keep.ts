import {Worker} from 'node:worker_threads';
import {whenGathered} from '../../src/store/gather.ts';
import type {Step} from './options.ts';

export type Keep = (step: Step) => Promise<void>;

/** Resolves when the step is on disk; what gathers while one group is written makes the next. */
export function createKeep(file: string): Keep {
  const worker = new Worker(new URL('store.ts', import.meta.url), {workerData: file});
  let waiting: Array<{step: Step; resolve(): void}> = [];
  let away: typeof waiting = [];
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || away.length > 0 || waiting.length === 0) return;
    isScheduled = true;
    whenGathered(() => waiting.length, send);
  }

  function send(): void {
    isScheduled = false;
    [away, waiting] = [waiting, []];
    worker.postMessage(JSON.stringify(away.map(({step}) => step)));
  }

  worker.on('message', () => {
    const done = away;
    away = [];
    for (const {resolve} of done) resolve();
    schedule();
  });
  return step =>
    new Promise(resolve => {
      waiting.push({step, resolve});
      schedule();
    });
}
