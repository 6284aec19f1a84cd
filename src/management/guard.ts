import {createHash, timingSafeEqual} from 'node:crypto';
import type {RouterContext} from '@koa/router';
import type {Actor} from '../core/audit.ts';
import {derive} from '../core/live.ts';
import type {Log} from '../core/log.ts';
import {Refusal} from '../core/refusal.ts';
import type {ManagementToken} from './parts.ts';

export interface Caller {
  name: string;
  role: ManagementToken['role'];
  /** For the audit. */
  by: Actor;
}

type Handler = (ctx: RouterContext, caller: Caller) => Promise<void> | void;

/** Lets a route be reached by those who name a token of the role: `guard('operator', handler)`. An operator may do what a reader may. */
export type Guard = (role: ManagementToken['role'], handler: Handler) => (ctx: RouterContext) => Promise<void>;

/** How the commands call themselves. */
const cliAgent = 'nexus-async-gateway-cli';

export interface GuardOptions {
  tokens(): readonly ManagementToken[];
  log: Log;
  now(): number;
}

const tellEveryMs = 60_000;

export function createGuard({tokens, log, now}: GuardOptions): Guard {
  let wrong = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const known = derive(tokens, all => all.map(({name, role, token}) => ({owner: {name, role}, hash: toHash(token)})));

  function identify(header: string, agent: string): Caller | undefined {
    const given = toHash(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '');
    // Every token is compared, each in constant time: how long it takes tells nothing.
    const [found] = known().filter(({hash}) => timingSafeEqual(hash, given));
    if (found === undefined) return undefined;
    const {owner} = found;
    return {...owner, by: {name: owner.name, via: agent.startsWith(cliAgent) ? 'cli' : 'api'}};
  }

  /** Once in a while: anybody can try as fast as they like. */
  function tellOfWrong(address: string | undefined): void {
    wrong += 1;
    if (now() - toldAt < tellEveryMs) return;
    log.warn('api.token_refused', {address, times: wrong});
    toldAt = now();
    wrong = 0;
  }

  return (role, handler) => async ctx => {
    const caller = identify(ctx.get('Authorization'), ctx.get('User-Agent'));
    if (caller === undefined) {
      if (ctx.get('Authorization') !== '') tellOfWrong(ctx.req.socket.remoteAddress);
      ctx.set('WWW-Authenticate', 'Bearer');
      const message = 'Send "Authorization: Bearer <token>" with a token listed in management.tokens.';
      throw new Refusal(401, 'unauthorized', message);
    }
    if (role === 'operator' && caller.role !== 'operator') {
      throw new Refusal(403, 'forbidden', `The token "${caller.name}" may only read; use one of role operator.`);
    }
    await handler(ctx, caller);
  };
}

function toHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
