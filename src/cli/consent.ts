import {readFileSync} from 'node:fs';
import {z} from 'zod';
import {type Client, ClientError, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {type ConsentLine, parseConsentCsv} from './consent-csv.ts';
import {exportLines, exportOptions, refuseParts} from './export.ts';
import {toJson, toTable, toTime} from './print.ts';

const consentAnswer = z.object({
  consents: z.array(
    z.object({
      phone: z.string(),
      list: z.string(),
      state: z.enum(['in', 'out']),
      at: z.number(),
      source: z.string(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  next: z.string().nullable(),
});

const setAnswer = z.object({entries: z.number(), changed: z.number()});
const batch = 250;

export const consent: Command = {
  name: 'consent',
  summary: 'Opt-out lists: who is on them and why, export and import as CSV, and a word for one phone.',
  operands: 'list | export | import <file> | out <phone> | in <phone>',
  options: {
    phone: {type: 'string', value: 'NUMBER', help: 'Only this phone, with country code.'},
    list: {
      type: 'string',
      value: 'LIST',
      help: 'Only this list, such as "channel acme 16504661149"; for in and out it is needed.',
    },
    state: {type: 'string', value: 'STATE', help: 'Only in, or only out.'},
    history: {type: 'boolean', help: 'Every word there was, not only the last of each list.'},
    limit: {type: 'string', value: 'N', help: 'At most so many (50).'},
    before: {type: 'string', value: 'NEXT', help: 'The page after the one that ended with this.'},
    out: exportOptions.out,
    ...clientOptions,
  },
  async run(input, io) {
    const [action, operand, ...rest] = input.positionals;
    if (rest.length > 0) throw new UsageError(`Say what: ${consent.operands}.`);
    const client = createClient(input, io);
    switch (action) {
      case 'list':
        return list(client, input, io);
      case 'export':
        return exportAll(client, input, io);
      case 'import':
        return importFile(client, operand, input, io);
      case 'in':
      case 'out':
        return say(client, action, operand, input, io);
      default:
        throw new UsageError(`Say what: ${consent.operands}.`);
    }
  },
};

async function list(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  const answer = await client.get(`/api/consent?${toQuery(input, ['phone', 'list', 'state', 'limit', 'before'])}`);
  if (input.flag('json')) {
    io.out(toJson(answer));
    return exit.ok;
  }
  const {consents, next} = consentAnswer.parse(answer);
  const rows = consents.map(({phone, list: name, state, at, source, detail}) => [
    phone,
    state,
    name,
    toTime(at),
    source,
    String(detail.messageId ?? detail.by ?? ''),
  ]);
  if (rows.length === 0) io.out('Nobody fits.\n');
  else io.out(toTable([['phone', 'state', 'list', 'since', 'source', 'evidence'], ...rows]));
  if (next !== null) io.out(`\nThere are more: --before ${next}\n`);
  return exit.ok;
}

async function exportAll(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  refuseParts(input, ['limit', 'before', 'history']);
  const query = toQuery(input, ['phone', 'list', 'state']);
  query.set('format', 'csv');
  return await exportLines(client, `/api/consent?${query}`, input, io);
}

async function importFile(client: Client, file: string | undefined, input: Input, io: CommandIo): Promise<ExitCode> {
  if (file === undefined)
    throw new UsageError('Name the CSV file, with a column phone, and list, state, at if it has them.');
  const {entries, mistakes} = parseConsentCsv(read(file), {list: input.text('list'), state: input.text('state')});
  if (mistakes.length > 0)
    throw new ClientError(`${file}:\n${mistakes.slice(0, 20).join('\n')}\nNothing was imported.`, exit.usage);
  let changed = 0;
  for (let from = 0; from < entries.length; from += batch) {
    changed += await importBatch(client, entries, from);
  }
  const sentence = `${entries.length} lines, ${changed} changed something; what is newer than its line stayed.\n`;
  io.out(input.flag('json') ? toJson({entries: entries.length, changed}) : sentence);
  return exit.ok;
}

/** Each batch is taken as a whole or not at all; those before one that is refused stay. */
async function importBatch(client: Client, entries: readonly ConsentLine[], from: number): Promise<number> {
  const lines = entries.slice(from, from + batch);
  try {
    return setAnswer.parse(await client.post('/api/consent', {source: 'import', entries: lines})).changed;
  } catch (error) {
    if (!(error instanceof ClientError) || from === 0) throw error;
    const which = `entries ${from + 1} to ${from + lines.length}`;
    const told = `${error.message} That was about ${which} of the file; those before are imported. Give the same command again when it is mended: nothing is done twice.`;
    throw new ClientError(told, error.exitCode);
  }
}

async function say(
  client: Client,
  state: ConsentLine['state'],
  phone: string | undefined,
  input: Input,
  io: CommandIo,
) {
  const name = input.text('list');
  if (phone === undefined || name === undefined) throw new UsageError(`Say: consent ${state} <phone> --list <list>.`);
  const answer = await client.post('/api/consent', {source: 'operator', entries: [{phone, list: name, state}]});
  const {changed} = setAnswer.parse(answer);
  io.out(input.flag('json') ? toJson(answer) : changed > 0 ? `The phone is ${state}.\n` : `It was ${state} already.\n`);
  return exit.ok;
}

function toQuery(input: Input, names: readonly string[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  if (input.flag('history')) query.set('history', '1');
  return query;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} can't be read.`);
  }
}
