import got from 'got';
import {findInCatalogue} from '../core/events-catalogue.ts';
import type {Log} from '../core/log.ts';
import type {RecentEvent} from './event-ring.ts';

export interface EventWebhook {
  /** Only critical ones are told, each code once in a while; returns at once. */
  tell(event: RecentEvent): void;
  /** Waits for the one under way. */
  stop(): Promise<void>;
}

const quietMs = 60_000;
const mostWaiting = 50;
const timeoutMs = 5000;

/** Tells somebody's address of what can't wait. It is a help, not a promise: what can't be told is in the log. */
export function createEventWebhook({url, log}: {url: string; log: Log}): EventWebhook {
  const told = new Map<string, {at: number; kept: number}>();
  const waiting: Array<Record<string, unknown>> = [];
  let sending: Promise<void> | undefined;
  let stopped = false;

  async function sendAll(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !stopped; next = waiting.shift()) await send(next);
    sending = undefined;
  }

  async function send(json: Record<string, unknown>): Promise<void> {
    try {
      await got.post(url, {
        json,
        timeout: {request: timeoutMs},
        retry: {limit: 1, methods: ['POST']},
        followRedirect: false,
      });
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
      log.warn('events.webhook_failed', {code: String(json.code), why});
    }
  }

  return {
    tell({code, severity, at, fields}) {
      if (severity !== 'critical' || stopped) return;
      const last = told.get(code);
      if (last !== undefined && at - last.at < quietMs) {
        last.kept += 1;
        return;
      }
      told.set(code, {at, kept: 0});
      if (waiting.length >= mostWaiting) return;
      const {sentence, whatToDo} = findInCatalogue(code) ?? {};
      const since = last === undefined ? {} : {keptBack: last.kept};
      waiting.push({code, severity, at: new Date(at).toISOString(), sentence, whatToDo, fields, ...since});
      sending ??= sendAll();
    },
    async stop() {
      stopped = true;
      await sending;
    },
  };
}
