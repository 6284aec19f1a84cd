import type {PostKind} from './nexus-wire.ts';

/** How posts are answered otherwise. */
export interface Fault {
  kind?: PostKind;
  channelId?: string;
  /** How many posts it is for; without it, all until it is cleared. */
  times?: number;
  /** Answered with, whatever the post; nothing of it is processed unless it is a 2XX. */
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** The connection ends without an answer, `before` or `after` the post was processed. */
  drop?: 'before' | 'after';
  /** Waits so long before it answers. */
  delayMs?: number;
  /** Processes the post, never answers, and keeps the connection open. */
  hang?: true;
}

export function createFaults() {
  const rules: Array<{fault: Fault; left: number}> = [];

  const remove = (rule: (typeof rules)[number]) => {
    const index = rules.indexOf(rule);
    if (index >= 0) rules.splice(index, 1);
  };

  return {
    /** The function answered takes it back. */
    add(fault: Fault): () => void {
      const rule = {fault, left: fault.times ?? Number.POSITIVE_INFINITY};
      rules.push(rule);
      return () => remove(rule);
    },
    clear(): void {
      rules.length = 0;
    },
    /** The oldest fault for this post, counted down. */
    next(kind: PostKind, channelId: string): Fault | undefined {
      const rule = rules.find(
        ({fault}) => (fault.kind ?? kind) === kind && (fault.channelId ?? channelId) === channelId,
      );
      if (rule === undefined) return undefined;
      rule.left -= 1;
      if (rule.left <= 0) remove(rule);
      return rule.fault;
    },
  };
}
