import {isIPv6} from 'node:net';

/** Wrong tokens of one address, so that nobody tries them out. */
export interface SignInLimit {
  /** Ms until this address may try again; 0: now. */
  waitMs(address: string): number;
  /** A wrong token came from there. True when it was the last one that was allowed. */
  failed(address: string): boolean;
}

const mostWrong = 10;
const windowMs = 60_000;
/** More than these are forgotten, those that came first at first. */
const mostAddresses = 10_000;

/** Right tokens are no way round it: who is told to wait learns nothing of what was tried. */
export function createSignInLimit(now: () => number): SignInLimit {
  const wrong = new Map<string, {count: number; since: number}>();

  function find(key: string): {count: number; since: number} | undefined {
    const found = wrong.get(key);
    if (found === undefined || now() - found.since < windowMs) return found;
    wrong.delete(key);
    return undefined;
  }

  function makeRoom(): void {
    const [first] = wrong.keys();
    if (wrong.size >= mostAddresses && first !== undefined) wrong.delete(first);
  }

  return {
    waitMs(address) {
      const found = find(toKey(address));
      return found === undefined || found.count < mostWrong ? 0 : found.since + windowMs - now();
    },
    failed(address) {
      const key = toKey(address);
      const found = find(key);
      if (found === undefined) makeRoom();
      const {count, since} = found ?? {count: 0, since: now()};
      wrong.set(key, {count: count + 1, since});
      return count + 1 === mostWrong;
    },
  };
}

/** One household has a whole /64 of IPv6 (RFC 6177), and could try from another address each time. */
function toKey(address: string): string {
  const mapped = address.replace(/^::ffff:/i, '');
  if (!isIPv6(mapped)) return mapped;
  const [head = '', tail] = mapped.split('::');
  const groups = head.split(':').filter(group => group !== '');
  const after = (tail ?? '').split(':').filter(group => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array.from({length: zeros}, () => '0'), ...after].slice(0, 4).join(':');
}
