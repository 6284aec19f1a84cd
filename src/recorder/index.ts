import {mkdir, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import Router from '@koa/router';
import type {Context, Next} from 'koa';
import type {Log} from '../core/log.ts';
import {maskHeaders, maskJson} from './mask.ts';

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
  /** Stands before the routes it listens to. */
  router: Router;
}

/** One webhook as it came, in a file of its own. */
export interface RecordedWebhook {
  at: string;
  method: string;
  path: string;
  /** What it was answered. */
  status: number;
  masked: boolean;
  headers: Record<string, string>;
  /** JSON, with texts and numbers masked unless asked for plain. */
  body?: unknown;
  /** The bytes, base64: only plain, or undefined. */
  bytes?: string;
}

/** Writes platforms' webhooks to files while somebody asked for it: for a time and a number that end by themselves. */
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
  async function listen(context: Context, next: Next): Promise<void> {
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
      void write(toRecord(context, status, wanted.plain)).catch(error =>
        log.warn('record.failed', {why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}),
      );
    }
  }

  function toRecord(context: Context, status: number, plain: boolean): RecordedWebhook {
    const raw: Buffer = Buffer.isBuffer(context.state.raw) ? context.state.raw : Buffer.alloc(0);
    const body = parse(raw);
    const numbers = new Set(known().map(number => number.replace(/\D/g, '')));
    const hidden = new Set(secretHeaders());
    return {
      at: new Date(now()).toISOString(),
      method: context.method,
      path: context.path,
      status,
      masked: !plain,
      headers: maskHeaders(context.headers, hidden, plain),
      body: plain ? body : maskJson(body, numbers),
      ...(plain ? {bytes: raw.toString('base64')} : {}),
    };
  }

  /** Whoever reads the folder meanwhile finds whole records: a file gets its name once it is written. */
  async function write(record: RecordedWebhook): Promise<void> {
    total += 1;
    const number = total;
    await mkdir(folder, {recursive: true, mode: 0o700});
    const file = join(folder, `${record.at.replace(/[:.]/g, '-')}-${number}.json`);
    const part = `${file}.part`;
    await writeFile(part, `${JSON.stringify(record, null, 2)}\n`, {mode: 0o600, flag: 'wx'});
    await rename(part, file);
  }

  const router = new Router();
  router.post(['/nexus/webhook/:platform/:channel', '/nexus/webhook/:channel', '/nexus/webhook', '/'], listen);
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
    router,
  };
}

/** What is no JSON is told as such: its bytes are in the record only when they were asked for. */
function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return {notJson: `${raw.length} bytes`};
  }
}
