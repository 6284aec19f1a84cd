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

export interface InFlightOptions {
  timeoutMs: number;
  /** An answer did not come in time: look whether the link lives. */
  onSilent(): void;
  /** Nothing is waited for any more. */
  onEmpty(): void;
}

export function createInFlight({timeoutMs, onSilent, onEmpty}: InFlightOptions): InFlight {
  const waiting = new Map<number, Waiting>();
  const overdue = new Map<number, Waiting>();
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
        waiting.set(sequence, {outgoing, late, resolve, since: performance.now()});
      });
    },
    answer,
    cut() {
      deadline?.clear();
      overdue.clear();
      const all = [...waiting.values()];
      waiting.clear();
      for (const request of all) request.resolve({kind: 'cut', left: request.outgoing.handed});
      onEmpty();
    },
  };

  function answer(pdu: Pdu): boolean {
    const request = waiting.get(pdu.sequence);
    if (request !== undefined) {
      waiting.delete(pdu.sequence);
      request.resolve({kind: 'response', pdu, latencyMs: performance.now() - request.since});
      if (waiting.size === 0) onEmpty();
      return true;
    }
    const late = overdue.get(pdu.sequence);
    if (late === undefined) return false;
    overdue.delete(pdu.sequence);
    late.late(pdu);
    return true;
  }

  function expire(): void {
    deadline = undefined;
    const now = performance.now();
    const silent: Waiting[] = [];
    for (const [sequence, request] of waiting) {
      const leftMs = request.since + timeoutMs - now;
      if (leftMs > 0) {
        deadline = createDeadline(leftMs, expire);
        break;
      }
      waiting.delete(sequence);
      remember(sequence, request);
      silent.push(request);
    }
    for (const request of silent) request.resolve({kind: 'silent'});
    if (silent.length > 0) onSilent();
    if (waiting.size === 0) onEmpty();
  }

  function remember(sequence: number, request: Waiting): void {
    overdue.set(sequence, request);
    if (overdue.size <= maxRemembered) return;
    for (const oldest of overdue.keys()) {
      overdue.delete(oldest);
      return;
    }
  }
}
