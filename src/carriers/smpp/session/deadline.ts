/**
 * A time limit for something the far side sends. After a stall of our own the timer is due before the socket was read: what is already
 * here is taken first, and only then is the far side called late.
 */
export interface Deadline {
  clear(): void;
}

export function createDeadline(ms: number, late: () => void): Deadline {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(late);
  }, ms);
  return {
    clear() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
