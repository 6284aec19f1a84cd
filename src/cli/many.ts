import {setTimeout} from 'node:timers/promises';
import {z} from 'zod';
import {type Client, ClientError} from './client.ts';
import {type CommandIo, type ExitCode, exit, type Input, type Option, UsageError} from './command.ts';

export const deadLetterFilters = {
  reason: {type: 'string', value: 'REASON', help: 'Only with this reason, such as expired or refused.'},
  platform: {type: 'string', value: 'NAME', help: 'Only of this platform.'},
  channel: {type: 'string', value: 'ID', help: 'Only of this channel.'},
  carrier: {type: 'string', value: 'NAME', help: 'Only by this carrier.'},
  direction: {type: 'string', value: 'DIRECTION', help: 'Only outbound or inbound.'},
  priority: {type: 'string', value: 'CLASS', help: 'Only interactive or bulk.'},
  phone: {type: 'string', value: 'NUMBER', help: 'Only of or to this phone, with country code.'},
  state: {type: 'string', value: 'STATE', help: 'Only in this state: failed, expired, unknown …'},
  since: {type: 'string', value: 'TIME', help: 'Only dead since this time or later: 2026-11-20T22:10:00Z.'},
  until: {type: 'string', value: 'TIME', help: 'Only dead before this time.'},
} as const satisfies Record<string, Option>;

export const manyOptions = {
  ...deadLetterFilters,
  all: {type: 'boolean', help: 'All dead letters, without a filter.'},
  count: {type: 'boolean', help: 'Only count those that fit.'},
  rate: {type: 'string', value: 'N', help: 'So many a second (20); sending keeps to the pace of its carrier besides.'},
  patience: {type: 'string', value: 'SECONDS', help: 'Waits so long for a gateway that does not answer (60).'},
} as const satisfies Record<string, Option>;

const page = z.object({
  replayed: z.number().optional(),
  settled: z.number().optional(),
  left: z.record(z.string(), z.number()),
  of: z.number().optional(),
  next: z.object({before: z.string(), until: z.number(), run: z.string()}).nullable(),
});
const counted = z.object({count: z.number()});

const againMs = 1000;

interface Progress {
  done: number;
  left: Record<string, number>;
  of: number;
}

export interface Many {
  path: '/api/dead-letters/replay' | '/api/dead-letters/settle';
  /** `replayed`, `settled`: as it stands in the answer and before the count. */
  word: 'replayed' | 'settled';
  more: Record<string, string>;
}

/** Whether any filter was given: then many are meant. */
export function isMany(input: Input): boolean {
  return input.flag('all') || Object.keys(deadLetterFilters).some(name => input.text(name) !== undefined);
}

export function toFilter(input: Input): Record<string, string> {
  const given = Object.keys(deadLetterFilters).map(name => [name, input.text(name)] as const);
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Page after page. What is done is no dead letter any more: cut short at any moment and begun again, it goes on where it was. */
export async function decideMany(client: Client, {path, word, more}: Many, input: Input, io: CommandIo) {
  const filter = toFilter(input);
  if (input.flag('count')) return countOnly(client, filter, input, io);
  const perSecond = toNumber(input, 'rate');
  const body = {...filter, ...more, ...(input.flag('all') && {all: true}), ...(perSecond && {perSecond})};
  const patienceMs = (toNumber(input, 'patience') ?? 60) * 1000;
  const total: Progress = {done: 0, left: {}, of: 0};
  const tell = createTeller(word, input, io);
  for (let next: z.infer<typeof page>['next'] | undefined; next !== null; ) {
    const answer = page.parse(await ask(client, path, {...body, ...(next && {next})}, patienceMs, io));
    total.done += answer[word] ?? 0;
    total.of = answer.of ?? total.of;
    for (const [why, count] of Object.entries(answer.left)) total.left[why] = (total.left[why] ?? 0) + count;
    next = answer.next;
    tell(total, next === null);
  }
  const code: ExitCode = Object.keys(total.left).length === 0 ? exit.ok : exit.refused;
  return code;
}

async function countOnly(client: Client, filter: Record<string, string>, input: Input, io: CommandIo) {
  const {count} = counted.parse(await client.get(`/api/dead-letters/count?${new URLSearchParams(filter)}`));
  io.out(input.flag('json') ? `${JSON.stringify({count})}\n` : `${count} fit; nothing was changed.\n`);
  return exit.ok;
}

/** A gateway that is being restarted is waited for: the page it had begun is asked for again. */
async function ask(client: Client, path: string, body: object, patienceMs: number, io: CommandIo): Promise<unknown> {
  const until = performance.now() + patienceMs;
  for (let told = false; ; told = true) {
    try {
      return await client.post(path, body);
    } catch (error) {
      if (!(error instanceof ClientError) || error.exitCode !== exit.unavailable) throw error;
      if (performance.now() + againMs > until) {
        throw new ClientError(`${error.message} Give the same command again: nothing is done twice.`, error.exitCode);
      }
      if (!told) io.err(`${io.isTerminal ? '\n' : ''}${error.message} Trying again.\n`);
      await setTimeout(againMs);
    }
  }
}

/** On a terminal one line that changes; elsewhere a line a page; as JSON one object a page. */
function createTeller(word: Many['word'], input: Input, io: CommandIo) {
  return ({done, left, of}: Progress, isOver: boolean): void => {
    if (input.flag('json')) {
      io.out(`${JSON.stringify({[word]: done, left, of, finished: isOver})}\n`);
      return;
    }
    const stayed = Object.entries(left).map(([why, count]) => `, ${count} left: ${why.replaceAll('_', ' ')}`);
    const seen = Object.values(left).reduce((sum, count) => sum + count, done);
    // Another operator's, or of a page whose answer was lost.
    const elsewhere = isOver && seen < of ? `, ${of - seen} were decided elsewhere` : '';
    const line = of === 0 ? 'No dead letter fits.' : `${done} of ${of} ${word}${stayed.join('')}${elsewhere}`;
    if (isOver) io.out(`${io.isTerminal ? '\r\u001b[K' : ''}${line}\n`);
    else io.err(io.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  };
}

function toNumber(input: Input, name: string): number | undefined {
  const given = input.text(name);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!(number > 0)) throw new UsageError(`--${name} takes a number above 0.`);
  return number;
}
