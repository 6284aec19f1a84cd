import Router from '@koa/router';
import type {MediaLoad} from '../../../core/media.ts';
import {Refusal} from '../../../core/refusal.ts';
import type {MediaLinks, MediaReference} from './links.ts';

export interface MediaRouterOptions {
  links: MediaLinks;
  load(reference: MediaReference): Promise<MediaLoad>;
}

/** What a browser may show; anything else, and all that could run, is only handed out as a file. */
const harmless = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

/** `GET /media/{token}`: the bytes, while the signed link lives. */
export function createMediaRouter({links, load}: MediaRouterOptions): Router {
  const router = new Router();
  router.get('/media/:token', async ctx => {
    const reference = links.read(String(ctx.params.token));
    if (reference === undefined) throw new Refusal(404, 'no_such_file', 'There is no file behind this link.');
    if (reference === 'expired') throw new Refusal(410, 'link_expired', 'The link has expired: ask for a new one.');
    const file = await load(reference);
    if (file.kind === 'unavailable')
      throw new Refusal(503, 'file_unavailable', `The file can not be had now: ${file.why}.`, 10);
    if (file.kind === 'refused') throw new Refusal(502, 'file_refused', `The file can not be had: ${file.why}.`);
    const [type = ''] = file.contentType.toLowerCase().split(';');
    ctx.set({
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': harmless.test(type) ? 'inline' : 'attachment',
      'x-content-type-options': 'nosniff',
    });
    ctx.type = harmless.test(type) ? type : 'application/octet-stream';
    ctx.body = Buffer.from(file.bytes);
  });
  return router;
}
