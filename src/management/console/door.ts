import type {RouterContext} from '@koa/router';
import type {Log} from '../../core/log.ts';
import {Refusal} from '../../core/refusal.ts';
import type {Assets} from './assets.ts';
import {html, toText} from './html.ts';
import {type Page, toDocument} from './layout.ts';
import {isSame, type Session, type Sessions, sessionMs} from './session.ts';
import type {SignInLimit} from './sign-in-limit.ts';

export interface Visit {
  session: Session;
  query: URLSearchParams;
  form: URLSearchParams;
  /** Of the path: `/messages/:messageId`. */
  params: Readonly<Record<string, string | undefined>>;
}

export type Answer = Page | {to: string} | {download: {name: string; type: string; text: string}};

type Handler = (visit: Visit) => Promise<Answer> | Answer;
type Route = (ctx: RouterContext) => Promise<void>;

/** Who comes in, what they may do, and how they are answered. */
export interface Door {
  look(handler: Handler): Route;
  /** A form of ours, sent from a page of ours, by somebody who may: `operator` unless said otherwise. */
  act(handler: Handler, role?: Session['role']): Route;
  signInPage: Route;
  signIn: Route;
  signOut: Route;
  show(ctx: RouterContext, page: Page, session?: Session): void;
  identify(ctx: RouterContext): Session | undefined;
}

const cookieName = 'nexus_gateway_console';

export interface DoorOptions {
  sessions: Sessions;
  limit: SignInLimit;
  assets: Assets;
  log: Log;
}

export function createDoor({sessions, limit, assets, log}: DoorOptions): Door {
  function show(ctx: RouterContext, page: Page, session?: Session): void {
    ctx.status = page.status ?? 200;
    ctx.type = 'html';
    ctx.body = toText(toDocument({page, session, path: ctx.path, assets: assets.names}));
  }

  function identify(ctx: RouterContext): Session | undefined {
    return sessions.read(ctx.cookies.get(cookieName) ?? '');
  }

  function tellToWait(ctx: RouterContext, to: string, seconds: number): void {
    ctx.set('Retry-After', String(seconds));
    const complaint = `Too many wrong tokens came from your address: wait ${seconds} seconds, then sign in with the right one.`;
    show(ctx, toSignIn(to, complaint, 429));
  }

  async function answer(ctx: RouterContext, session: Session, handler: Handler): Promise<void> {
    const query = new URLSearchParams(ctx.querystring);
    const result = await handler({session, query, form: readForm(ctx), params: ctx.params});
    if ('to' in result) return seeOther(ctx, result.to);
    if (!('download' in result)) return show(ctx, result, session);
    ctx.set('Content-Disposition', `attachment; filename="${result.download.name}"`);
    ctx.type = result.download.type;
    ctx.body = result.download.text;
  }

  return {
    show,
    identify,
    look: handler => async ctx => {
      const session = identify(ctx);
      if (session === undefined) return seeOther(ctx, `/console/sign-in?to=${encodeURIComponent(ctx.url)}`);
      await answer(ctx, session, handler);
    },
    act:
      (handler, role = 'operator') =>
      async ctx => {
        const session = identify(ctx);
        if (session === undefined) return show(ctx, toSignIn('/console/', 'Your session is over: sign in again.', 401));
        if (!isFromHere(ctx) || !isSame(readForm(ctx).get('formKey') ?? '', session.formKey)) throw foreignForm();
        if (role === 'operator' && session.role !== 'operator') throw forbidden(session);
        await answer(ctx, session, handler);
      },
    async signInPage(ctx) {
      const to = String(ctx.query.to ?? '');
      if (identify(ctx) !== undefined) return seeOther(ctx, toOwnPath(to));
      show(ctx, toSignIn(to));
    },
    async signIn(ctx) {
      if (!isFromHere(ctx)) throw foreignForm();
      const address = ctx.req.socket.remoteAddress ?? '';
      const form = readForm(ctx);
      const to = form.get('to') ?? '';
      const waitMs = limit.waitMs(address);
      if (waitMs > 0) return tellToWait(ctx, to, Math.ceil(waitMs / 1000));
      const cookie = sessions.open(form.get('token') ?? '');
      if (cookie === undefined) {
        log.warn('console.sign_in_refused', {address});
        if (limit.failed(address)) log.warn('console.sign_in_limited', {address});
        return show(ctx, toSignIn(to, 'This token is not listed in management.tokens: look for a typing error.', 401));
      }
      setCookie(ctx, cookie);
      seeOther(ctx, toOwnPath(to));
    },
    async signOut(ctx) {
      if (!isFromHere(ctx)) throw foreignForm();
      sessions.close(ctx.cookies.get(cookieName) ?? '');
      setCookie(ctx, '');
      seeOther(ctx, '/console/sign-in');
    },
  };
}

function readForm(ctx: RouterContext): URLSearchParams {
  return new URLSearchParams(ctx.request.rawBody ?? '');
}

function seeOther(ctx: RouterContext, to: string): void {
  ctx.status = 303;
  ctx.set('Location', to);
  ctx.body = '';
}

function setCookie(ctx: RouterContext, value: string): void {
  const isSecure = ctx.secure || ctx.get('X-Forwarded-Proto') === 'https';
  const maxAge = value === '' ? 0 : Math.floor(sessionMs / 1000);
  const secure = isSecure ? '; Secure' : '';
  ctx.set('Set-Cookie', `${cookieName}=${value}; Path=/console; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`);
}

/** Beside the form's key: browsers say where a form comes from. One that says nothing is held to the key alone. */
function isFromHere(ctx: RouterContext): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '') return site === 'same-origin';
  const origin = ctx.get('Origin');
  return origin === '' || URL.parse(origin)?.host === ctx.get('Host');
}

/** Never to another server, whatever the link said. */
function toOwnPath(to: string): string {
  return /^\/console\/[\w/?&=.:%+-]*$/.test(to) ? to : '/console/';
}

function foreignForm(): Refusal {
  const message =
    'This form did not come from a page of this console, or the page is too old: go back, reload, try again.';
  return new Refusal(403, 'foreign_form', message);
}

function forbidden({name}: Session): Refusal {
  const message = `The token "${name}" may only look: sign in with one of role operator. Nothing was changed.`;
  return new Refusal(403, 'forbidden', message);
}

function toSignIn(to: string, complaint?: string, status = 200): Page {
  const body = html`${complaint !== undefined && html`<p class="notice bad" role="alert">${complaint}</p>`}
<form class="card narrow" method="post" action="/console/sign-in">
<input type="hidden" name="to" value="${toOwnPath(to)}">
<p><label for="token">Token</label>
<input id="token" name="token" type="password" required maxlength="500" autocomplete="current-password" autofocus></p>
<p><button class="main">Sign in</button></p>
<p class="quiet">Tokens have names and roles in <code>management.tokens</code> of the configuration. A session lasts eight hours.
${to !== '' && html`Signed in already, and here by a link from elsewhere? <a href="${toOwnPath(to)}">Go on</a>.`}</p>
</form>`;
  return {title: 'Sign in', body, status};
}
