import type {Bind} from './bind.ts';

/** Which bind takes a segment: all of one text by one bind where that has room, else the one with most room. */
export interface BindChoice {
  /** Undefined: none has room. Submit before anybody else picks. */
  pick(messageId: string, segment: number, segments: number): Bind | undefined;
  /** Resolves when there may be room again: false when no bind is up, or the time is over. */
  room(withinMs: number): Promise<boolean>;
  /** Something may have changed: wakes as many as there is room for. True when there is room left for others. */
  look(): boolean;
  stop(): void;
}

const maxRemembered = 10_000;

export function createBindChoice(binds: readonly Bind[]): BindChoice {
  const bindOf = new Map<string, Bind>();
  const waiting: Array<(mayBe: boolean) => void> = [];

  return {pick, room, look, stop: () => wakeAll(false)};

  function pick(messageId: string, segment: number, segments: number): Bind | undefined {
    const same = bindOf.get(messageId);
    const bind = same !== undefined && same.room() > 0 ? same : roomiest();
    if (segments > 1 && bind !== undefined) remember(messageId, segment, segments, bind);
    return bind;
  }

  function roomiest(): Bind | undefined {
    let best: Bind | undefined;
    let most = 0;
    for (const bind of binds) {
      const free = bind.room();
      if (free <= most) continue;
      most = free;
      best = bind;
    }
    return best;
  }

  function room(withinMs: number): Promise<boolean> {
    if (!isUp()) return Promise.resolve(false);
    return new Promise(resolve => {
      const timer = setTimeout(() => wake(false), withinMs);
      waiting.push(wake);

      function wake(mayBe: boolean): void {
        clearTimeout(timer);
        const index = waiting.indexOf(wake);
        if (index >= 0) waiting.splice(index, 1);
        resolve(mayBe);
      }
    });
  }

  function look(): boolean {
    if (!isUp()) wakeAll(false);
    let free = 0;
    for (const bind of binds) free += bind.room();
    for (; free > 0 && waiting.length > 0; free -= 1) waiting[0]?.(true);
    return free > 0;
  }

  function wakeAll(mayBe: boolean): void {
    while (waiting.length > 0) waiting[0]?.(mayBe);
  }

  function isUp(): boolean {
    return binds.some(bind => bind.isUsable());
  }

  function remember(messageId: string, segment: number, segments: number, bind: Bind): void {
    if (segment === segments - 1) bindOf.delete(messageId);
    else bindOf.set(messageId, bind);
    for (const oldest of bindOf.keys()) {
      if (bindOf.size <= maxRemembered) return;
      bindOf.delete(oldest);
    }
  }
}
