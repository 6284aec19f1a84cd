import {mkdir, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import Router from '@koa/router';
import type {Context, Middleware, Next} from 'koa';
import type {Log} from '../core/log.ts';
import {type RecordedWebhook, type RecordRules, toRecord} from './webhook.ts';

export interface RecorderOptions {
  /** Where the files go; made when it is needed, for its owner alone. */
  folder: string;
  /** Our own numbers, as they are at present. */
  known(): readonly string[];
  /** Headers that prove something, in lower case: never written. */
  secretHeaders(): readonly string[];
  log: Log;
  now(): number;
}

export interface RecordingWish {
  forMs: number;
  /** Webhooks at most. */
  count: number;
  /** Texts and numbers as they are. */
  plain: boolean;
}

export interface Recording extends RecordingWish {
  folder: string;
  /** Unix ms. */
  until: number;
  recorded: number;
}

export interface Recorder {
  /** Ends the recording before, if there was one. */
  begin(wish: RecordingWish): Recording;
  end(): Recording | undefined;
  current(): Recording | undefined;
  /** Stands before the routes it listens to; while nothing is recorded it costs them nothing. */
  middleware: Middleware;
}

const longestInLines = 16_384;

/** A call of Twilio's is good for whoever has its signature, for as long as the Auth Token lives. */
const signatures = ['x-twilio-signature'];

/** Writes webhooks of platforms and of carriers to files while somebody asked for it: for a time and a number that end by themselves. */
export function createRecorder({folder, known, secretHeaders, log, now}: RecorderOptions): Recorder {
  let recording: Recording | undefined;
  let total = 0;

  function current(): Recording | undefined {
    if (recording !== undefined && (now() > recording.until || recording.recorded >= recording.count)) {
      log.info('record.ended', {recorded: recording.recorded});
      recording = undefined;
    }
    return recording;
  }

  /** The webhook is answered whatever becomes of its record. */
  async function listen(context: Context, next: Next, isForm: boolean): Promise<void> {
    const wanted = current();
    if (wanted === undefined) return next();
    wanted.recorded += 1;
    let status = 500;
    try {
      await next();
      status = context.status;
    } catch (error) {
      status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
      throw error;
    } finally {
      void write(toRecord(context, status, toRules(wanted.plain, isForm))).catch(error =>
        log.warn('record.failed', {why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}),
      );
    }
  }

  function toRules(plain: boolean, isForm: boolean): RecordRules {
    const numbers = new Set(known().map(number => number.replace(/\D/g, '')));
    return {at: now(), plain, known: numbers, hidden: new Set([...signatures, ...secretHeaders()]), isForm};
  }

  /** Whoever reads the folder meanwhile finds whole records: a file gets its name once it is written. */
  async function write(record: RecordedWebhook): Promise<void> {
    total += 1;
    const number = total;
    await mkdir(folder, {recursive: true, mode: 0o700});
    const file = join(folder, `${record.at.replace(/[:.]/g, '-')}-${number}.json`);
    const part = `${file}.part`;
    await writeFile(part, `${toText(record)}\n`, {mode: 0o600, flag: 'wx'});
    await rename(part, file);
  }

  const router = new Router();
  const json: Middleware = (context, next) => listen(context, next, false);
  const form: Middleware = (context, next) => listen(context, next, true);
  router.post(['/nexus/webhook/:platform/:channel', '/nexus/webhook/:channel', '/nexus/webhook', '/'], json);
  // A carrier may have been told to call by GET: then its form is the query.
  router.register(['/twilio/:carrier/inbound', '/twilio/:carrier/status'], ['get', 'post'], form);
  const route = router.routes() as Middleware;
  return {
    begin(wish) {
      recording = {...wish, folder, until: now() + wish.forMs, recorded: 0};
      log.info('record.begun', {forMs: wish.forMs, count: wish.count, plain: wish.plain});
      return recording;
    },
    end() {
      const ended = recording;
      recording = undefined;
      return ended;
    },
    current,
    middleware: (context, next) => (recording === undefined ? next() : route(context, next)),
  };
}

/** Anybody may send what is recorded, and nested brackets in lines of their own take a hundred times the room of what was sent. */
function toText(record: RecordedWebhook): string {
  const text = JSON.stringify(record);
  if (text.length > longestInLines) return text;
  const lines = JSON.stringify(record, null, 2);
  return lines.length > 2 * longestInLines ? text : lines;
}
