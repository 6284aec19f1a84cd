import {createDeadline, type Deadline} from './deadline.ts';

/** Asks a silent far side whether it lives (enquire_link, SMPP 3.4 4.11), and takes no answer for death unless something else came. */
export interface Liveness {
  start(): void;
  /** Something came. */
  heard(): void;
  /** Ask now, whatever was heard. */
  ask(): void;
  /** True when `sequence` was the question's. */
  answer(sequence: number): boolean;
  stop(): void;
}

export interface LivenessOptions {
  /** Silence before a question. */
  everyMs: number;
  timeoutMs: number;
  /** Sends one enquire_link and tells its sequence number. */
  send(): number;
  onDead(why: string): void;
}

export function createLiveness({everyMs, timeoutMs, send, onDead}: LivenessOptions): Liveness {
  let heardAt = performance.now();
  let question: {sequence: number; deadline: Deadline} | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let stopped = false;

  return {
    start: watch,
    heard() {
      heardAt = performance.now();
    },
    ask,
    answer(sequence) {
      if (question?.sequence !== sequence) return false;
      question.deadline.clear();
      question = undefined;
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(idleTimer);
      question?.deadline.clear();
    },
  };

  function watch(): void {
    const silentMs = performance.now() - heardAt;
    idleTimer = setTimeout(
      () => {
        if (performance.now() - heardAt >= everyMs) ask();
        watch();
      },
      silentMs >= everyMs ? everyMs : Math.ceil(everyMs - silentMs),
    );
  }

  function ask(): void {
    if (question !== undefined || stopped) return;
    const askedAt = performance.now();
    const deadline = createDeadline(timeoutMs, () => {
      question = undefined;
      if (heardAt <= askedAt) onDead(`no answer to enquire_link within ${timeoutMs} ms`);
    });
    question = {sequence: send(), deadline};
  }
}
