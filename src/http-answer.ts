import type {Context} from 'koa';

/**
 * What a handler leaves in `ctx.state.answer` is sent as JSON with the status it set, in one go. A `ctx.body` may be anything: koa finds out its type, and
 * keeps each header by itself until it is sent, which costs more than a short answer does.
 */
export function sendAnswer(ctx: Context): void {
  const {answer} = ctx.state;
  if (answer === undefined || !ctx.writable) return;
  ctx.respond = false;
  const json = JSON.stringify(answer);
  const headers = {'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(json)};
  ctx.res.writeHead(ctx.status, headers).end(json);
}
