import Router, {type RouterContext} from '@koa/router';
import type {Next} from 'koa';
import bodyParser from 'koa-bodyparser';
import {Refusal} from '../../core/refusal.ts';
import {StoreUnavailable} from '../../core/store-unavailable.ts';
import type {ConsentParts} from '../consent.ts';
import type {ManagementParts, ManagementToken} from '../parts.ts';
import {loadAssets} from './assets.ts';
import {createAudit} from './audit.ts';
import {createCampaigns} from './campaigns.ts';
import {createDeadLetters} from './dead-letters.ts';
import {createDoor, type Door} from './door.ts';
import {createEvents} from './events.ts';
import {html} from './html.ts';
import {createMessagePages} from './message.ts';
import {createNow} from './now.ts';
import {createOptOuts} from './opt-outs.ts';
import {createReplays} from './replays.ts';
import {createSearch} from './search.ts';
import {createSessions} from './session.ts';
import {createSignInLimit} from './sign-in-limit.ts';
import {createStop} from './stop.ts';

/** Nothing but our own files, no frames, forms to ourselves only; inline styles and scripts are nobody's. */
const contentPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const readForm = bodyParser({
  enableTypes: ['form'],
  formLimit: '64kb',
  onerror: () => {
    throw new Refusal(400, 'invalid_body', 'The form is larger than 64 KiB, or is none: go back and send less.');
  },
});

/** The pages for people, below `/console/`. They work without scripts; with them they refresh by themselves. */
export function createConsole(
  parts: ManagementParts,
  tokens: () => readonly ManagementToken[],
  consent: ConsentParts | undefined,
): Router {
  const assets = loadAssets();
  const {now, log} = parts;
  const door = createDoor({sessions: createSessions({tokens, now}), limit: createSignInLimit(now), assets, log});
  const router = new Router({prefix: '/console'});
  router.use(setHeaders, (ctx, next) => answerErrors(ctx, next, door, parts), readForm);
  router.get('/assets/:name', assets.serve);
  router.get('/sign-in', door.signInPage);
  router.post('/sign-in', door.signIn);
  router.post('/sign-out', door.signOut);
  routePages(router, door, parts);
  if (consent !== undefined) routeOptOuts(router, door, consent);
  router.all('/{*rest}', () => {
    throw new Refusal(404, 'not_found', 'There is no such page: follow one of the links above.');
  });
  return router;
}

function routePages(router: Router, {look, act}: Door, parts: ManagementParts): void {
  const stop = createStop(parts);
  const message = createMessagePages(parts);
  const campaigns = createCampaigns(parts);
  const replays = createReplays(parts);
  router.get('/', look(createNow(parts)));
  router.post('/pause', act(stop.pause));
  router.post('/resume', act(stop.resume));
  router.post('/drain', act(stop.drain));
  router.post('/purge', act(stop.purge));
  router.get('/search', look(createSearch(parts)));
  router.get('/messages/:messageId', look(message.show));
  router.post('/messages/:messageId/text', act(message.showText, 'reader'));
  router.post('/messages/:messageId/replay', act(message.replay));
  router.post('/messages/:messageId/settle', act(message.settle));
  router.get('/campaigns', look(campaigns.show));
  router.get('/campaigns.csv', look(campaigns.download));
  router.get('/dead-letters', look(createDeadLetters(parts)));
  router.post('/dead-letters/replay', act(replays.start));
  router.get('/dead-letters/replays/:id', look(replays.show));
  router.post('/dead-letters/replays/:id/stop', act(replays.stop));
  router.get('/events', look(createEvents(parts)));
  router.get('/audit', look(createAudit(parts)));
}

function routeOptOuts(router: Router, {look, act}: Door, consent: ConsentParts): void {
  const optOuts = createOptOuts(consent);
  router.get('/opt-outs', look(optOuts.show));
  router.post('/opt-outs', act(optOuts.set));
}

function setHeaders(ctx: RouterContext, next: Next): Promise<unknown> {
  ctx.set('Content-Security-Policy', contentPolicy);
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Content-Type-Options', 'nosniff');
  // `no-referrer` would hide from us where a form came from.
  ctx.set('Referrer-Policy', 'same-origin');
  ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
  ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
  return next();
}

async function answerErrors(ctx: RouterContext, next: Next, door: Door, {log}: ManagementParts): Promise<void> {
  try {
    await next();
  } catch (error) {
    const {status, message} = toRefusal(error, ctx.method);
    if (status >= 500) log.warn('console.fault', {path: ctx.path, status, why: toName(error)});
    const body = html`<p class="notice bad" role="alert">${message}</p><p><a href="/console/">Back to Now</a></p>`;
    door.show(ctx, {title: status === 404 ? 'Not found' : 'That did not work', body, status}, door.identify(ctx));
  }
}

/** What takes several steps may have been cut short between two of them. */
const mayBeBegun = 'It may be done, or a part of it: look how far it came (Audit tells, too), then try again.';

function toRefusal(error: unknown, method: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof StoreUnavailable) {
    const then = method === 'POST' ? mayBeBegun : 'Try again in a moment.';
    return new Refusal(503, 'no_store', `The store does not answer at present. ${then}`);
  }
  return new Refusal(500, 'fault', 'This page failed; the log has the event console.fault with the cause.');
}

function toName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split('\n').find(line => line.includes('    at '));
  return error instanceof StoreUnavailable ? error.message : `${error.name} ${place?.trim() ?? ''}`;
}
