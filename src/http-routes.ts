import type Router from '@koa/router';
import type Koa from 'koa';

/** Webhooks come to the same few addresses again and again; memory is bounded, whatever else is asked for. */
const mostKnown = 1000;
const longestKnown = 200;

/** All routers as one: those that have a route for what is asked, in their order. */
export function toRoutes(routers: readonly Router[]): Koa.Middleware {
  const all = routers.map(router => ({router, handle: router.routes() as Koa.Middleware}));
  const known = new Map<string, readonly Koa.Middleware[]>();

  function find(method: string, path: string): readonly Koa.Middleware[] {
    const asked = `${method} ${path}`;
    const remembered = known.get(asked);
    if (remembered !== undefined) return remembered;
    const found = all.filter(({router}) => router.match(path, method).route).map(({handle}) => handle);
    if (found.length === 0 || asked.length > longestKnown) return found;
    if (known.size >= mostKnown) known.clear();
    known.set(asked, found);
    return found;
  }

  return (ctx, next) => {
    const handles = find(ctx.method, ctx.path);
    const go = (index: number): Promise<unknown> => {
      const handle = handles[index];
      return handle === undefined ? next() : handle(ctx, () => go(index + 1));
    };
    return go(0);
  };
}
