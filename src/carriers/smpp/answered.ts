/**
 * Tells that an answer has certainly left: the link it went by still lives some seconds after the kernel took it. An SMSC that
 * repeats a text after that means a new one.
 */
export interface Answered {
  note(fingerprint: string): void;
  stop(): void;
}

export interface AnsweredOptions {
  delayMs: number;
  /** The number of the present session; undefined while there is none. */
  session(): number | undefined;
  tell(fingerprint: string): void;
}

export function createAnswered({delayMs, session, tell}: AnsweredOptions): Answered {
  let noted: Array<{fingerprint: string; at: number; session: number | undefined}> = [];
  let timer: NodeJS.Timeout | undefined;

  return {
    note(fingerprint) {
      noted.push({fingerprint, at: performance.now(), session: session()});
      timer ??= setTimeout(look, delayMs);
    },
    stop: () => clearTimeout(timer),
  };

  function look(): void {
    timer = undefined;
    const now = performance.now();
    const living = session();
    const due = noted.filter(each => now - each.at >= delayMs);
    noted = noted.slice(due.length);
    for (const each of due) {
      if (each.session !== undefined && each.session === living) tell(each.fingerprint);
    }
    const next = noted[0];
    if (next !== undefined) timer = setTimeout(look, Math.max(next.at + delayMs - now, 1));
  }
}
