import Router from '@koa/router';
import type {Context} from 'koa';
import type {MediaLoad} from '../core/media.ts';
import {Refusal} from '../core/refusal.ts';
import type {MediaLinks, MediaReference} from './links.ts';

export interface MediaRouterOptions {
  links: Pick<MediaLinks, 'read'>;
  /** `expired`: there was such a text, and its time is over. */
  load(reference: MediaReference): Promise<MediaLoad | 'unknown' | 'expired'>;
  /** Whoever has not read all of a file by then is cut off. */
  handOutMs?: number;
}

/** What a browser may show; anything else, and all that could run, is only handed out as a file. */
const harmless = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;
/** Handed out as files by their own type, for Twilio takes no others (docs/messaging/guides/accepted-mime-types). What ends in `+xml` could run. */
const inert =
  /^(image\/(bmp|heic|heif|jpg|tiff)|text\/(calendar|csv|directory|richtext|rtf|vcard|x-vcard)|application\/(msword|pdf|vcard|vnd\.[\w.-]+))$/;
/** Each file is in memory until whoever asked has read it. */
const mostAtOnce = 16;
/** The largest file on a slow phone. */
const longestHandOutMs = 180_000;

/** `GET /media/{token}`: the bytes, while the signed link lives. */
export function createMediaRouter({links, load, handOutMs = longestHandOutMs}: MediaRouterOptions): Router {
  const router = new Router();
  let underWay = 0;

  router.get('/media/:token', async ctx => {
    const reference = links.read(String(ctx.params.token));
    if (reference === undefined) throw noSuchFile();
    if (underWay >= mostAtOnce) throw new Refusal(503, 'busy', 'Many files are being fetched: ask again.', 5);
    const {res} = ctx;
    if (res.destroyed) return;
    underWay += 1;
    let deadline: NodeJS.Timeout | undefined;
    const closed = new Promise<void>(resolve => res.once('close', resolve));
    try {
      const file = await load(reference);
      deadline = setTimeout(() => res.destroy(), handOutMs);
      answer(ctx, file);
    } finally {
      void closed.then(() => {
        clearTimeout(deadline);
        underWay -= 1;
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
  ctx.body = Buffer.from(file.bytes);
}

function noSuchFile(): Refusal {
  return new Refusal(404, 'no_such_file', 'There is no file behind this link.');
}
