import {createServer as createHttpServer, type Server} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type Router from '@koa/router';
import Koa from 'koa';
import {derive} from './core/live.ts';
import type {Log} from './core/log.ts';
import type {Meter} from './core/meter.ts';
import {Refusal} from './core/refusal.ts';
import {sendAnswer} from './http-answer.ts';
import {createReadRaw} from './http-body.ts';
import {trackIdle} from './http-idle.ts';
import {toRoutes} from './http-routes.ts';
import {StoreUnavailable} from './store/store.ts';

export interface HttpOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  tls?: {cert: string; key: string};
  /** As they are at present. */
  routers(): readonly Router[];
  /** Reads the body's bytes into `ctx.state.raw` before any route. */
  rawBody: boolean;
  /** Sees every request before its route does. */
  before?: Koa.Middleware;
  log: Log;
  /** Told of every answer, when it is given. */
  meter?: Meter;
}

export interface HttpServer {
  /** Listens; answers the port. */
  start(): Promise<number>;
  /** New connections get this certificate. Only where there was one from the beginning. */
  secure(tls: {cert: string; key: string}): void;
  /** Takes no new connection, lets the requests under way end, closes the rest. */
  stop(): Promise<void>;
}

const headersTimeoutMs = 5000;
const requestTimeoutMs = 10_000;
/** How often Node looks whose time is over: by itself only every 30 s. */
const lookEveryMs = 1000;
const keepAliveTimeoutMs = 65_000;
const stopTimeoutMs = 10_000;

/** One port: koa, the routers, and every error as an answer that says what to do next. */
export function createHttp({host, port, tls, routers, rawBody, before, log, meter}: HttpOptions): HttpServer {
  const app = new Koa();
  app.on('error', error => log.warn('http.connection', {why: codeOf(error)}));
  const readRaw = rawBody ? createReadRaw() : undefined;
  const routes = derive(routers, toRoutes);
  const route = (ctx: Koa.Context) => routes()(ctx, () => refuseUnknown(ctx));
  // One middleware: each more is a promise or two for every request.
  app.use(async ctx => {
    const beganAt = performance.now();
    try {
      if (readRaw !== undefined) ctx.state.raw = await readRaw(ctx);
      await (before === undefined ? route(ctx) : before(ctx, () => route(ctx)));
      sendAnswer(ctx);
    } catch (error) {
      answerError(ctx, error, log);
    }
    meter?.answered(toAnswered(ctx, beganAt));
  });

  const timeouts = {headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs};
  const options = {
    ...timeouts,
    connectionsCheckingInterval: lookEveryMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: 16_384,
  };
  const handle = app.callback();
  const secured = tls && createHttpsServer({...options, handshakeTimeout: requestTimeoutMs, ...toContext(tls)}, handle);
  const server: Server = secured ?? createHttpServer(options, handle);
  const idle = trackIdle(server, tls ? 'secureConnection' : 'connection');

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          server.on('error', error => log.error('http.server', {why: codeOf(error)}));
          resolve((server.address() as AddressInfo).port);
        });
      }),
    secure: next => secured?.setSecureContext(toContext(next)),
    stop: () =>
      new Promise(resolve => {
        const timer = setTimeout(idle.closeAll, stopTimeoutMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        idle.close();
      }),
  };
}

function toContext({cert, key}: {cert: string; key: string}) {
  return {cert, key, minVersion: 'TLSv1.2'} as const;
}

/** From a request's head to its answer's: what is still being written is the caller's time. */
function toAnswered(ctx: Koa.Context, beganAt: number) {
  const route = typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : '';
  return {route, status: ctx.status, tookMs: performance.now() - beganAt};
}

/** @throws {Refusal} 405 where the path takes other methods (RFC 9110 15.5.6), 404 where there is none */
function refuseUnknown(ctx: Koa.Context): Promise<never> {
  const methods = toMethods(ctx);
  // Whoever takes this method has passed on.
  if (methods.length === 0 || methods.includes(ctx.method)) {
    const why = `There is no ${ctx.method} ${ctx.path} here; see README, "Public port" and "Management port".`;
    return Promise.reject(new Refusal(404, 'not_found', why));
  }
  const allowed = methods.join(', ');
  ctx.set('Allow', allowed);
  const why = `${ctx.path} takes no ${ctx.method}, but ${allowed}; nothing was done.`;
  return Promise.reject(new Refusal(405, 'method_not_allowed', why));
}

function toMethods({matched}: Koa.Context): string[] {
  const layers: ReadonlyArray<{methods: readonly string[]}> = matched ?? [];
  return [...new Set(layers.flatMap(({methods}) => methods))].sort();
}

function answerError(ctx: Koa.Context, error: unknown, log: Log): void {
  const refusal = toRefusal(error);
  const path = toSafePath(ctx.path);
  const {traceId, isTold} = ctx.state;
  // An operator wants it so, or its own event is told: no alarm for each.
  const isCalm = refusal.code === 'draining' || isTold === true;
  if (refusal.status >= 500 && isCalm) log.debug('http.put_off', {path, traceId});
  else if (refusal.status >= 500)
    log.error('http.refused', {path, status: refusal.status, traceId, why: describeFault(error)});
  ctx.status = refusal.status;
  if (refusal.retryAfterSeconds !== undefined) ctx.set('Retry-After', String(refusal.retryAfterSeconds));
  ctx.body = toRefused(ctx, refusal);
}

/** Whoever calls a route may want another form of it: what its handler leaves in `ctx.state.toRefused` makes that, or nothing. */
function toRefused({state, params}: Koa.Context, refusal: Refusal): unknown {
  const toOwn: ((refusal: Refusal, params: unknown) => unknown) | undefined = state.toRefused;
  return toOwn?.(refusal, params) ?? {error: {code: refusal.code, message: refusal.message}};
}

/** Whoever has a media link may fetch the file. */
function toSafePath(path: string): string {
  return path.replace(/^\/media\/.*/i, '/media/:token');
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof StoreUnavailable) {
    return new Refusal(503, 'not_stored', 'Nothing was stored; send the same request again.', error.retryAfterSeconds);
  }
  return new Refusal(
    500,
    'fault',
    'The gateway failed at this request; its log has the event http.refused with the cause.',
  );
}

/** The name and place of a fault, never its message: that may hold what a caller sent. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof Refusal || error instanceof StoreUnavailable) return error.message;
  const place = error.stack
    ?.split('\n')
    .find(line => line.includes('    at '))
    ?.trim();
  return `${error.name} ${place ?? ''}`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : typeof error;
}
