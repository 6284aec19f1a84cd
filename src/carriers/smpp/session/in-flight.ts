import type {Pdu} from '../codec.ts';
import {createDeadline, type Deadline} from './deadline.ts';
import type {Outgoing} from './outbox.ts';

/** What became of one request. `left` is false when it certainly never reached the socket. */
export type Reply = {kind: 'response'; pdu: Pdu; latencyMs: number} | {kind: 'silent'} | {kind: 'cut'; left: boolean};

export interface Request {
  outgoing: Outgoing;
  /** An answer after `silent`. */
  late(pdu: Pdu): void;
}

/** Requests without an answer, by sequence number. All wait equally long, so the oldest is the next to time out and one deadline does. */
export interface InFlight {
  readonly size: number;
  has(sequence: number): boolean;
  add(sequence: number, request: Request): Promise<Reply>;
  /** False: nobody waits for it. */
  answer(pdu: Pdu): boolean;
  /** Everything ends as `cut`. */
  cut(): void;
}

const maxRemembered = 10_000;

interface Waiting extends Request {
  since: number;
  resolve(reply: Reply): void;
}

/** What stands in a map for a request: emptied when it leaves, for the tables V8 replaces there keep what they listed until the next full collection. */
interface Place {
  held: Waiting | undefined;
}

export interface InFlightOptions {
  timeoutMs: number;
  /** An answer did not come in time: look whether the link lives. */
  onSilent(): void;
  /** Nothing is waited for any more. */
  onEmpty(): void;
}

export function createInFlight({timeoutMs, onSilent, onEmpty}: InFlightOptions): InFlight {
  const waiting = new Map<number, Place>();
  const overdue = new Map<number, Place>();
  let deadline: Deadline | undefined;

  return {
    get size() {
      return waiting.size;
    },
    has: sequence => waiting.has(sequence) || overdue.has(sequence),
    add(sequence, request) {
      deadline ??= createDeadline(timeoutMs, expire);
      return new Promise(resolve => {
        const {outgoing, late} = request;
        waiting.set(sequence, {held: {outgoing, late, resolve, since: performance.now()}});
      });
    },
    answer,
    cut() {
      deadline?.clear();
      overdue.clear();
      const all = [...waiting.keys()].map(sequence => take(waiting, sequence));
      for (const request of all) request?.resolve({kind: 'cut', left: request.outgoing.handed});
      onEmpty();
    },
  };

  function answer(pdu: Pdu): boolean {
    const request = take(waiting, pdu.sequence);
    if (request !== undefined) {
      request.resolve({kind: 'response', pdu, latencyMs: performance.now() - request.since});
      if (waiting.size === 0) onEmpty();
      return true;
    }
    const late = take(overdue, pdu.sequence);
    if (late === undefined) return false;
    late.late(pdu);
    return true;
  }

  function expire(): void {
    deadline = undefined;
    const now = performance.now();
    const silent: Waiting[] = [];
    for (const [sequence, {held: request}] of waiting) {
      if (request === undefined) continue;
      const leftMs = request.since + timeoutMs - now;
      if (leftMs > 0) {
        deadline = createDeadline(leftMs, expire);
        break;
      }
      take(waiting, sequence);
      remember(sequence, request);
      silent.push(request);
    }
    for (const request of silent) request.resolve({kind: 'silent'});
    if (silent.length > 0) onSilent();
    if (waiting.size === 0) onEmpty();
  }

  function remember(sequence: number, request: Waiting): void {
    overdue.set(sequence, {held: request});
    if (overdue.size <= maxRemembered) return;
    for (const oldest of overdue.keys()) {
      take(overdue, oldest);
      return;
    }
  }
}

function take(from: Map<number, Place>, sequence: number): Waiting | undefined {
  const place = from.get(sequence);
  if (place === undefined) return undefined;
  const {held} = place;
  from.delete(sequence);
  place.held = undefined;
  return held;
}
