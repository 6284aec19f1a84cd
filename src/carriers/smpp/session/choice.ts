import type {Bind} from './bind.ts';

/** Which bind takes a segment: all of one text by one bind where it lives, else the one with most room. */
export interface BindChoice {
  /** Waits for room as long as any bind is up; undefined when none is, or none had room in time. */
  choose(messageId: string, segment: number, segments: number, withinMs: number): Promise<Bind | undefined>;
  /** Lets waiting ones look again. True when there is room left for more. */
  room(): boolean;
  stop(): void;
}

const maxRemembered = 10_000;

interface Waiting {
  look(): boolean;
  give(bind: Bind | undefined): void;
}

export function createBindChoice(binds: readonly Bind[]): BindChoice {
  const bindOf = new Map<string, Bind>();
  const waiting: Waiting[] = [];

  return {
    async choose(messageId, segment, segments, withinMs) {
      const bind = pick(messageId) ?? (await wait(messageId, withinMs));
      if (segments > 1) remember(messageId, segment, segments, bind);
      return bind;
    },
    room() {
      while (waiting.length > 0 && waiting[0]?.look()) waiting.shift();
      return waiting.length === 0 && binds.some(bind => bind.room() > 0);
    },
    stop() {
      for (const each of waiting.splice(0)) each.give(undefined);
    },
  };

  function pick(messageId: string): Bind | undefined {
    const same = bindOf.get(messageId);
    if (same !== undefined && same.room() > 0) return same;
    let best: Bind | undefined;
    let most = 0;
    for (const bind of binds) {
      const room = bind.room();
      if (room > most) {
        most = room;
        best = bind;
      }
    }
    return best;
  }

  /** In the order they came. */
  function wait(messageId: string, withinMs: number): Promise<Bind | undefined> {
    if (!binds.some(bind => bind.isUsable())) return Promise.resolve(undefined);
    return new Promise(resolve => {
      const entry: Waiting = {look, give};
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1);
        resolve(undefined);
      }, withinMs);
      waiting.push(entry);

      function look(): boolean {
        const bind = pick(messageId);
        if (bind === undefined && binds.some(each => each.isUsable())) return false;
        give(bind);
        return true;
      }
      function give(bind: Bind | undefined): void {
        clearTimeout(timer);
        resolve(bind);
      }
    });
  }

  function remember(messageId: string, segment: number, segments: number, bind: Bind | undefined): void {
    if (segment === segments - 1 || bind === undefined) bindOf.delete(messageId);
    else bindOf.set(messageId, bind);
    for (const oldest of bindOf.keys()) {
      if (bindOf.size <= maxRemembered) return;
      bindOf.delete(oldest);
    }
  }
}
