import type Router from '@koa/router';
import type {Layer} from '@koa/router';
import type Koa from 'koa';

/** Webhooks come to the same few addresses again and again; memory is bounded, whatever else is asked for. */
const mostKnown = 1000;
const longestKnown = 200;

interface Step {
  handle: Koa.Middleware;
  /** The values in the path. */
  params: Readonly<Record<string, string>>;
  /** The route's pattern. */
  route: Layer['path'];
}

/** What is done for a method and a path. */
interface Found {
  /** In their order. */
  steps: readonly Step[];
  /** Of every method: which of them the path takes. */
  matched: readonly Layer[];
}

/**
 * All routers as one: those that have a route for what is asked, in their order. What a path's routes are is found out once; the routers themselves
 * would try each of theirs, and read the path's values again, at every request.
 */
export function toRoutes(routers: readonly Router[]): Koa.Middleware {
  const known = new Map<string, Found>();

  function find(method: string, path: string): Found {
    const asked = `${method} ${path}`;
    const remembered = known.get(asked);
    if (remembered !== undefined) return remembered;
    const found = toFound(routers, method, path);
    if (found.steps.length === 0 || asked.length > longestKnown) return found;
    if (known.size >= mostKnown) known.clear();
    known.set(asked, found);
    return found;
  }

  return (ctx, next) => {
    const {steps, matched} = find(ctx.method, ctx.path);
    ctx.matched = matched;
    const go = (index: number): Promise<unknown> => {
      const step = steps[index];
      if (step === undefined) return next();
      ctx.params = {...ctx.params, ...step.params};
      ctx._matchedRoute = step.route;
      return Promise.resolve(step.handle(ctx, () => go(index + 1)));
    };
    return go(0);
  };
}

function toFound(routers: readonly Router[], method: string, path: string): Found {
  const matches = routers.map(router => router.match(path, method));
  const routed = matches.filter(({route}) => route);
  return {
    steps: routed.flatMap(({pathAndMethod}) => pathAndMethod.flatMap(layer => toSteps(layer, path))),
    matched: matches.flatMap(match => match.path),
  };
}

function toSteps(layer: Layer, path: string): Step[] {
  const params = layer.params(path, layer.captures(path));
  return layer.stack.map(handle => ({handle: handle as Koa.Middleware, params, route: layer.path}));
}
