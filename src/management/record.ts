import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import type {Actor} from '../core/audit.ts';
import {parseDuration} from '../core/duration.ts';
import type {Log} from '../core/log.ts';
import type {Detail} from '../core/outcome.ts';
import {Refusal} from '../core/refusal.ts';
import type {Store} from '../store/store.ts';
import type {Caller, Guard} from './guard.ts';
import {parseBody} from './request.ts';

/** What writes webhooks to files. */
export interface RecordParts {
  begin(wish: {forMs: number; count: number; plain: boolean}): RecordState;
  end(): RecordState | undefined;
  current(): RecordState | undefined;
}

interface Auditing {
  store: Pick<Store, 'audit'>;
  log: Log;
}

interface RecordState {
  folder: string;
  until: number;
  count: number;
  recorded: number;
  plain: boolean;
}

const longestMs = 86_400_000;

const body = z.strictObject({
  for: z
    .string()
    .default('10m')
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms > 0 && ms <= longestMs) return ms;
      context.addIssue({code: 'custom', message: 'write a duration of at most 24h, such as 10m'});
      return z.NEVER;
    }),
  count: z.int().min(1).max(1000).default(100),
  plain: z.boolean().default(false),
  stop: z.boolean().default(false),
});

/** Webhooks to files, for a while: `POST /api/record {for, count, plain}`, or `{stop: true}`. */
export function routeRecord(router: Router, guard: Guard, recorder: RecordParts, {store, log}: Auditing): void {
  function show(ctx: RouterContext): void {
    ctx.body = {recording: recorder.current() ?? null};
  }

  async function record(ctx: RouterContext, {name, by}: Caller): Promise<void> {
    const {for: forMs, count, plain, stop} = parseBody(ctx, body);
    if (stop) {
      const ended = recorder.end();
      if (ended === undefined) throw new Refusal(409, 'not_recording', 'Nothing is being recorded.');
      await audit(by, {stop: true, recorded: ended.recorded});
      log.info('record.stopped', {by: name, recorded: ended.recorded});
      ctx.body = {recording: null, ended};
      return;
    }
    // Who asked is on disk before the first webhook is.
    await audit(by, {plain, count, forMs});
    log.info('record.asked', {by: name, plain});
    ctx.body = {recording: recorder.begin({forMs, count, plain})};
  }

  async function audit(by: Actor, target: Detail): Promise<void> {
    await store.audit({by, action: 'record', target});
  }

  router.get('/api/record', guard('operator', show));
  router.post('/api/record', guard('operator', record));
}
