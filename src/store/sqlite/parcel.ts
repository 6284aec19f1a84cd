import type {Call, Request} from './protocol.ts';

/**
 * A request on its way to the worker: JSON, and beside it the webhooks of those calls that bring one, in their order. In JSON every quote of theirs
 * would be escaped and found again.
 */
export type Parcel = [json: string, ...raws: string[]];

/** Of a call's first argument, where it is a text. */
interface Bringing {
  raw?: unknown;
}

/** Stands where the webhook was. */
const beside = 1;

export function pack(request: Request): Parcel {
  if (request.kind === 'close') return [JSON.stringify(request)];
  const raws: string[] = [];
  const calls = request.calls.map(call => {
    const [name, [first, ...others]] = call;
    if (!bringsRaw(first)) return call;
    raws.push(first.raw);
    return [name, [{...first, raw: beside}, ...others]];
  });
  return [JSON.stringify({...request, calls}), ...raws];
}

export function unpack([json, ...raws]: Parcel): Request {
  const request: Request = JSON.parse(json);
  if (raws.length > 0 && request.kind === 'group') giveBack(request.calls, raws);
  return request;
}

function giveBack(calls: readonly Call[], raws: readonly string[]): void {
  let next = 0;
  for (const [, [first]] of calls) {
    if (!isObject(first) || first.raw !== beside) continue;
    first.raw = raws[next];
    next += 1;
  }
}

function bringsRaw(argument: unknown): argument is {raw: string} {
  return isObject(argument) && typeof argument.raw === 'string';
}

function isObject(argument: unknown): argument is Bringing {
  return typeof argument === 'object' && argument !== null;
}
