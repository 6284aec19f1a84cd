/**
 * An SMSC loses an answer now and then. A link by which no submission has had one for so many times the response time-out is of no use, though it
 * may still answer whether it lives: whatever left by it would be `unknown`.
 */
export interface Muteness {
  /** A submission was answered, in time or late. */
  heard(): void;
  /** One was not answered in time. True: the link is mute. */
  silent(now: number): boolean;
}

const mostTimeouts = 3;

export function createMuteness(responseTimeoutMs: number): Muteness {
  let since: number | undefined;

  return {
    heard() {
      since = undefined;
    },
    silent(now) {
      since ??= now - responseTimeoutMs;
      return now - since >= mostTimeouts * responseTimeoutMs;
    },
  };
}
