import type {Bind} from './bind.ts';

/**
 * Which bind takes a segment: all of one text by one bind where that has room, else the one with most room, in turn. One that is ill takes a single
 * text now and then while others are well and full: it answers soonest, so it would always have most room.
 */
export interface BindChoice {
  /** Submissions that may be in flight now, over all binds. */
  window(): number;
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
  let turn = -1;

  return {window, pick, room, look, stop: () => wakeAll(false)};

  function pick(messageId: string, segment: number, segments: number): Bind | undefined {
    const same = bindOf.get(messageId);
    const bind = same !== undefined && roomOf(same) > 0 ? same : roomiest();
    if (segments > 1 && bind !== undefined) remember(messageId, segment, segments, bind);
    return bind;
  }

  function roomiest(): Bind | undefined {
    let best: Bind | undefined;
    let most = 0;
    for (let ahead = 1; ahead <= binds.length; ahead += 1) {
      const at = (turn + ahead) % binds.length;
      const bind = binds[at];
      const free = bind === undefined ? 0 : roomOf(bind);
      if (free <= most) continue;
      most = free;
      best = bind;
    }
    if (best !== undefined) turn = binds.indexOf(best);
    return best;
  }

  function roomOf(bind: Bind): number {
    const free = bind.room();
    if (free === 0 || !isSetBack(bind)) return free;
    return bind.isResting() || bind.used() > 0 ? 0 : 1;
  }

  function window(): number {
    let sum = 0;
    for (const bind of binds) sum += isSetBack(bind) ? Math.max(bind.used(), roomOf(bind)) : bind.window();
    return sum;
  }

  /** Where none is well each is as good as the other. */
  function isSetBack(bind: Bind): boolean {
    return bind.isIll() && binds.some(other => other.isUsable() && !other.isIll());
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
    for (const bind of binds) free += roomOf(bind);
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
