import {Worker} from 'node:worker_threads';
import {largeGroup, whenGathered} from '../gather.ts';
import type {StoreOptions} from '../index.ts';
import {askRoom, type Offer} from '../offers.ts';
import {StoreRefused} from '../refused.ts';
import {StoreUnavailable} from '../store.ts';
import {pack} from './parcel.ts';
import type {Call, CallResult, Carried, Failure, Reply, Request, Restored, WorkerOptions} from './protocol.ts';

export interface Caller {
  call(name: string, args: unknown[]): Promise<unknown>;
  close(): Promise<void>;
  /** Groups and calls so far: how many calls share a commit. */
  counts(): {groups: number; calls: number};
}

interface Pending {
  call: Call;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

type CallerOptions = Pick<StoreOptions, 'now' | 'meter' | 'offer' | 'onReady' | 'onLost'> & {
  onRestored(restored: Restored): void;
  worker: Omit<WorkerOptions, 'now'>;
};

/** More would make one commit so long that those who came first wait for those who came last. */
const maxGroup = 2000;

/** Sends calls to the worker in groups: what has gathered while one group is committed makes the next. */
export function createCaller(options: CallerOptions): Promise<Caller> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: {...options.worker, now: options.now()} satisfies WorkerOptions,
  });
  const {promise: opened, resolve: open, reject: refuse} = Promise.withResolvers<Caller>();
  const {promise: ended, resolve: end} = Promise.withResolvers<void>();
  const counts = {groups: 0, calls: 0};
  let waiting: Pending[] = [];
  let away: Pending[] = [];
  /** Room for what those bring. */
  let offer: Offer | undefined;
  let state: 'opening' | 'open' | 'closing' | 'leaving' | 'ended' = 'opening';
  let isScheduled = false;
  let sentAt = 0;

  function call(name: string, args: unknown[]): Promise<unknown> {
    if (state !== 'open') return Promise.reject(new StoreUnavailable('the store is closed'));
    return new Promise((resolve, reject) => {
      waiting.push({call: [name, args], resolve, reject});
      schedule();
    });
  }

  function schedule(): void {
    if (isScheduled || away.length > 0) return;
    isScheduled = true;
    whenGathered(countWaiting, () => {
      isScheduled = false;
      sendGroup();
    });
  }

  function countWaiting(): number {
    return waiting.length;
  }

  function sendGroup(): void {
    if (away.length > 0 || state === 'ended') return;
    away = waiting.splice(0, maxGroup);
    if (away.length === 0) {
      if (state === 'closing') leave();
      return;
    }
    sentAt = performance.now();
    counts.groups += 1;
    counts.calls += away.length;
    const calls = away.map(({call}) => call);
    offer = askRoom(
      options.offer,
      calls.map(([name]) => name),
    );
    send({kind: 'group', now: options.now(), calls, rooms: offer?.rooms ?? []});
  }

  /** Once: a file that is closed twice may be somebody else's the second time. */
  function leave(): void {
    state = 'leaving';
    send({kind: 'close'});
  }

  function send(request: Request): void {
    worker.postMessage(pack(request));
  }

  function onGroup({results, ready, claims}: Carried): void {
    const done = away;
    away = [];
    const offered = offer;
    offer = undefined;
    options.meter?.committed({calls: done.length, tookMs: performance.now() - sentAt});
    if (waiting.length >= largeGroup || state === 'closing') sendGroup();
    for (const [index, pending] of done.entries()) deliver(pending, results[index]);
    offered?.end(claims);
    if (ready.length > 0) options.onReady(ready);
    if (waiting.length > 0) schedule();
  }

  function onReply(reply: Reply): void {
    switch (reply.kind) {
      case 'group':
        onGroup(reply);
        break;
      case 'opened':
        state = 'open';
        if (reply.restored !== undefined) options.onRestored(reply.restored);
        open({call, close, counts: () => ({...counts})});
        if (reply.ready.length > 0) setImmediate(() => options.onReady(reply.ready));
        break;
      case 'refused':
        state = 'ended';
        refuse(new StoreRefused(reply.why));
        break;
      case 'closed':
        state = 'ended';
        end();
    }
  }

  /** Also for the worker's exit: nobody may wait for an answer that can't come. */
  function onLost(why: string): void {
    end();
    if (state === 'ended') return;
    const wasOpening = state === 'opening';
    state = 'ended';
    const lost = new StoreUnavailable(`the store's worker has ended (${why}); the gateway has to be started again`);
    for (const pending of [...away, ...waiting]) pending.reject(lost);
    away = [];
    waiting = [];
    offer?.end([]);
    offer = undefined;
    if (wasOpening) refuse(new StoreRefused(lost.message));
    else options.onLost(lost);
  }

  function close(): Promise<void> {
    if (state === 'open') {
      state = 'closing';
      sendGroup();
    }
    return ended;
  }

  worker.on('message', (text: string) => onReply(JSON.parse(text)));
  worker.on('error', error => onLost(error instanceof Error ? error.message : 'unknown error'));
  worker.on('exit', code => onLost(`exit code ${code}`));
  return opened;
}

function deliver({resolve, reject}: Pending, result: CallResult = {failed: noAnswer}): void {
  if ('failed' in result) reject(toError(result.failed));
  else resolve(result.value ?? undefined);
}

const noAnswer: Failure = {kind: 'fault', message: 'the store gave no answer'};

function toError({kind, message}: Failure): Error {
  return kind === 'unavailable' ? new StoreUnavailable(message) : new Error(message);
}
