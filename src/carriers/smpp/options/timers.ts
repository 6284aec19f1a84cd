import {z} from 'zod';
import {parseDuration} from '../../../core/duration.ts';

export const timers = {
  connectTimeout: duration('10s').describe('To connect, TLS included'),
  bindTimeout: duration('15s').describe('For the answer to a bind'),
  responseTimeout: duration('60s').describe(
    'For the answer to a submission; then it is `unknown`. A link by which none is answered for three times as long is replaced, at the next of `hosts`',
  ),
  enquireLink: duration('30s').describe('Silence before enquire_link is sent'),
  enquireLinkTimeout: duration('15s').describe('For its answer; then the link is replaced'),
  partialTimeout: duration('10s').describe('For the rest of a PDU that has begun'),
  reconnectFirst: duration('1s').describe('Longest wait before the first new try'),
  reconnectMax: duration('60s').describe(
    'Longest wait between later tries. A link that was bound for less than 10 s counts as one that failed, and is tried again within 10 s',
  ),
  credentialsRetry: duration('5m').describe('Wait after a refusal of systemId, password or systemType'),
  stopGrace: duration('5s').describe(
    'For the answers to what is in flight, when the gateway stops; what has none by then is `unknown`',
  ),
} as const;

/** `30s` to milliseconds; more than a timer of the platform can wait is a mistake. */
function duration(standard: string) {
  return z
    .string()
    .transform((written, context) => {
      const ms = parseDuration(written);
      if (ms !== undefined && ms > 0 && ms <= 86_400_000) return ms;
      context.addIssue({code: 'custom', message: 'must be a duration like 500ms, 30s, 5m, of at most a day'});
      return z.NEVER;
    })
    .prefault(standard);
}
