import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {Refusal} from '../core/refusal.ts';
import {deadLetterFilter, messageFilter} from './filters.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {parseQuery} from './request.ts';
import {type Piece, tellExport} from './told-export.ts';
import {toView} from './view.ts';

const text = z.literal('1').optional();
const messageQuery = z.strictObject({...messageFilter, text});
const deadLetterQuery = z.strictObject({...deadLetterFilter, text});
const pageSize = 200;

type Line = Record<string, unknown>;

/** All that fit as lines of JSON, the newest first: a page is read when the one before has left. */
export function routeExport(router: Router, guard: Guard, parts: ManagementParts): void {
  const {store} = parts;

  async function messages(ctx: RouterContext, caller: Caller): Promise<void> {
    const {text: asked, ...filter} = parseQuery(ctx, messageQuery);
    await stream(ctx, caller, {what: 'messages', ...filter}, asked === '1', withText => listMessages(filter, withText));
  }

  async function deadLetters(ctx: RouterContext, caller: Caller): Promise<void> {
    const {text: asked, ...filter} = parseQuery(ctx, deadLetterQuery);
    const what = {what: 'dead letters', ...filter};
    await stream(ctx, caller, what, asked === '1', withText => listDeadLetters(filter, withText));
  }

  /** What reads a text writes into its message's history first. */
  async function stream(
    ctx: RouterContext,
    {name, role, by}: Caller,
    target: Line,
    withText: boolean,
    list: (readText: TextReader) => AsyncGenerator<Line>,
  ): Promise<void> {
    if (withText && role !== 'operator') {
      throw new Refusal(
        403,
        'forbidden',
        'An export with texts needs a token of role operator; without text=1 a reader may.',
      );
    }
    const readText: TextReader = async messageId => {
      if (!withText) return undefined;
      await store.note(messageId, 'text_shown', {by: name});
      return store.get(messageId, true);
    };
    ctx.body = await tellExport(parts, by, {...target, text: withText}, toLines(list(readText)));
    ctx.type = 'application/x-ndjson';
  }

  async function* listMessages(filter: Omit<z.infer<typeof messageQuery>, 'text'>, read: TextReader) {
    let before: string | undefined;
    do {
      const page = await store.find({...filter, limit: pageSize, before});
      for (const record of page.messages) {
        const full = await read(record.messageId);
        yield toView(full ?? record, full !== undefined);
      }
      before = page.next;
    } while (before !== undefined);
  }

  async function* listDeadLetters(filter: Omit<z.infer<typeof deadLetterQuery>, 'text'>, read: TextReader) {
    let before: string | undefined;
    do {
      const page = await store.deadLetters({...filter, limit: pageSize, before});
      for (const {cursor: _, ...letter} of page.deadLetters) {
        const full = await read(letter.messageId);
        const record = full ?? (await store.get(letter.messageId, false));
        yield {...letter, ...(record && {message: toView(record, full !== undefined)})};
      }
      before = page.next;
    } while (before !== undefined);
  }

  router.get('/api/messages/export', guard('reader', messages));
  router.get('/api/dead-letters/export', guard('reader', deadLetters));
}

type TextReader = (messageId: string) => ReturnType<ManagementParts['store']['get']>;

async function* toLines(lines: AsyncGenerator<Line>): AsyncGenerator<Piece> {
  for await (const line of lines) yield {lines: 1, text: `${JSON.stringify(line)}\n`};
}
