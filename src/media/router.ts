import Router from '@koa/router';
import type {Context} from 'koa';
import type {MediaLoad} from '../core/media.ts';
import {Refusal} from '../core/refusal.ts';

export interface MediaRouterOptions<File> {
  /** Undefined: it was never ours. */
  links: {read(token: string): File | undefined | Promise<File | undefined>};
  /** `expired`: there was such a text, and its time is over. */
  load(file: File): Promise<MediaLoad | 'unknown' | 'expired'>;
  /** How long a reader may take nothing of its file. */
  stallMs?: number;
}

/** What a browser may show; anything else, and all that could run, is only handed out as a file. */
const harmless = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;
/** Handed out as files by their own type, for Twilio takes no others (docs/messaging/guides/accepted-mime-types). What ends in `+xml` could run. */
const inert =
  /^(image\/(bmp|heic|heif|jpg|tiff)|text\/(calendar|csv|directory|richtext|rtf|vcard|x-vcard)|application\/(msword|pdf|vcard|vnd\.[\w.-]+))$/;
/** Each file is in memory until its reader has all of it: whoever has one link must not fill it, nor keep the others from theirs. */
const most = {lookedUp: 64, loading: 16, handedOut: 64, ofOneLink: 16};
const patience = {stallMs: 30_000, wholeMs: 300_000};

/** `GET /media/{token}`: the bytes, while the signed link lives. */
export function createMediaRouter<File>({links, load, stallMs = patience.stallMs}: MediaRouterOptions<File>): Router {
  const router = new Router();
  const readers = new Map<string, number>();
  let handedOut = 0;
  let loading = 0;
  let lookedUp = 0;

  function count(token: string, change: number): void {
    handedOut += change;
    const ofThis = (readers.get(token) ?? 0) + change;
    if (ofThis === 0) readers.delete(token);
    else readers.set(token, ofThis);
  }

  /** The store is asked, by anybody. */
  async function lookUp(token: string): Promise<File> {
    if (lookedUp >= most.lookedUp) throw busy();
    lookedUp += 1;
    try {
      const file = await links.read(token);
      if (file === undefined) throw noSuchFile();
      return file;
    } finally {
      lookedUp -= 1;
    }
  }

  router.get('/media/:token', async ctx => {
    const token = String(ctx.params.token);
    const file = await lookUp(token);
    const ofThis = readers.get(token) ?? 0;
    if (loading >= most.loading || handedOut >= most.handedOut || ofThis >= most.ofOneLink) throw busy();
    // Nobody would tell of its end any more.
    if (ctx.res.destroyed) return;
    const closed = new Promise<void>(resolve => ctx.res.once('close', resolve));
    count(token, 1);
    loading += 1;
    try {
      answer(ctx, await load(file));
    } finally {
      loading -= 1;
      const hurry = setTimeout(() => ctx.res.destroy(), patience.wholeMs);
      ctx.res.setTimeout(stallMs, () => ctx.res.destroy());
      void closed.then(() => {
        clearTimeout(hurry);
        count(token, -1);
      });
    }
  });
  return router;
}

function answer(ctx: Context, file: MediaLoad | 'unknown' | 'expired'): void {
  if (file === 'unknown') throw noSuchFile();
  if (file === 'expired') throw new Refusal(410, 'link_expired', 'The link has expired: ask for a new one.');
  if (file.kind === 'unavailable') {
    throw new Refusal(503, 'file_unavailable', `The file can not be had now: ${file.why}.`, 10);
  }
  if (file.kind === 'refused') throw new Refusal(502, 'file_refused', `The file can not be had: ${file.why}.`);
  const [named = ''] = file.contentType.toLowerCase().split(';');
  const type = named.trim();
  ctx.set({
    'cache-control': 'private, no-store',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': harmless.test(type) ? 'inline' : 'attachment',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  ctx.set('content-type', harmless.test(type) || inert.test(type) ? type : 'application/octet-stream');
  const {buffer, byteOffset, byteLength} = file.bytes;
  ctx.body = Buffer.from(buffer, byteOffset, byteLength);
}

function busy(): Refusal {
  return new Refusal(503, 'busy', 'Many files are being fetched: ask again.', 5);
}

function noSuchFile(): Refusal {
  return new Refusal(404, 'no_such_file', 'There is no file behind this link.');
}
