import {setTimeout} from 'node:timers/promises';
import {z} from 'zod';
import {type Client, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, exit, type Input, UsageError} from './command.ts';
import {exportLines, exportOptions} from './export.ts';
import {toJson, toTable} from './print.ts';

const counts = z.record(z.string(), z.number());
const files = z.object({isClean: z.boolean(), bytes: z.number()}).nullable();
const state = z.object({done: z.boolean(), held: counts, files});
const ordered = state.extend({confirmed: z.literal(true), before: counts});
const answer = z.union([ordered, z.object({confirmed: z.literal(false), before: counts})]);
type Counts = z.infer<typeof counts>;

const pollMs = 500;
const waitMs = 60_000;

const phoneOption = {phone: {type: 'string', value: 'NUMBER', help: 'The phone, with country code.'}} as const;

export const forget: Command = {
  name: 'forget',
  summary: 'Removes all that is stored of a phone. Counts it first; --yes does it.',
  operands: '',
  options: {
    ...phoneOption,
    yes: {
      type: 'boolean',
      help: 'Forget. Without it nothing is removed, and the exit code is 1 while there is something.',
    },
    'dry-run': {type: 'boolean', help: 'Count only, whatever else is given.'},
    'at-once': {
      type: 'boolean',
      help: 'Do not wait until the platform was told what became of texts: drop those receipts.',
    },
    rewrite: {
      type: 'boolean',
      help: 'Write the store anew afterwards, however large it is: everything waits meanwhile.',
    },
    ...clientOptions,
  },
  async run(input, io) {
    const phone = toPhone(input);
    const client = createClient(input, io);
    const confirm = input.flag('yes') && !input.flag('dry-run');
    const body = {phone, confirm, atOnce: input.flag('at-once')};
    const asked = answer.parse(await client.post('/api/forget', body));
    if (!asked.confirmed) return tellCounts(asked.before, input, io);
    let {done, held, files: tidied} = asked;
    for (const endAt = performance.now() + waitMs; !done && performance.now() < endAt; ) {
      await setTimeout(pollMs);
      ({done, held, files: tidied} = state.parse(await client.get(`/api/forget?phone=${encodeURIComponent(phone)}`)));
    }
    if (done && input.flag('rewrite')) tidied = files.parse(await client.post('/api/tidy', {rewrite: true}));
    if (input.flag('json')) io.out(toJson({done, before: asked.before, held, files: tidied}));
    else io.out(toTable(toRows(asked.before, held)) + toSentence(done, held, tidied));
    return done ? exit.ok : exit.refused;
  },
};

export const exportPhone: Command = {
  name: 'export',
  summary: 'All that is stored of a phone, as lines of JSON: texts, histories, consent. The asking is recorded.',
  operands: '',
  options: {...phoneOption, out: exportOptions.out, ...clientOptions},
  run: (input, io) =>
    exportLines(createClient(input, io), `/api/phone?phone=${encodeURIComponent(toPhone(input))}`, input, io),
};

export const reseal: Command = {
  name: 'reseal',
  summary: 'Brings all stored texts under the first key of encryption.keys; afterwards the others may go.',
  operands: '',
  options: clientOptions,
  async run(input, io) {
    const client = createClient(input, io);
    let total = 0;
    for (let after: number | null = 0; after !== null; ) {
      const {changed, next} = await resealSome(client, after);
      total += changed;
      after = next;
      if (!input.flag('json') && next !== null) io.err(`${total} texts\n`);
    }
    io.out(input.flag('json') ? toJson({changed: total}) : `${total} texts were brought under the first key.\n`);
    return exit.ok;
  },
};

const resealed = z.object({changed: z.number(), next: z.number().nullable()});

async function resealSome(client: Client, after: number): Promise<z.infer<typeof resealed>> {
  return resealed.parse(await client.post('/api/reseal', {after}));
}

function toPhone(input: Input): string {
  const phone = input.text('phone');
  if (phone === undefined || input.positionals.length > 0)
    throw new UsageError('Name the phone: --phone +14155550123.');
  return phone;
}

function tellCounts(before: Counts, input: Input, io: CommandIo) {
  const isEmpty = Object.entries(before).every(([name, count]) => count === 0 || name === 'hashedConsents');
  if (input.flag('json')) io.out(toJson({confirmed: false, before}));
  else if (isEmpty) io.out('Nothing is stored of this phone.\n');
  else io.out(`${toTable(toRows(before))}\nNothing was removed: add --yes to forget it.\n`);
  return isEmpty ? exit.ok : exit.refused;
}

const names: Readonly<Record<string, string>> = {
  messages: 'messages',
  texts: 'of them with their text',
  deadLetters: 'of them dead letters',
  waiting: 'texts waiting to be sent: they are failed first, with receipts',
  underWay: 'on their way: their end is waited for',
  receiptsOwed: 'receipts the platform has not been told yet: waited for',
  withoutReceipt: 'sent, end not told by the carrier: what it tells is dropped',
  parkedReceipts: 'receipts that fitted nothing',
  unreadable: 'webhooks nobody could read, with the number in them',
  parts: 'parts of long texts',
  consents: 'words about consent: they stay, under a hash',
  hashedConsents: 'words about consent under a hash',
  recordings: 'recorded webhooks',
};

function toRows(before: Counts, after?: Counts): string[][] {
  const known = Object.entries(names).filter(([name]) => (before[name] ?? 0) > 0 || (after?.[name] ?? 0) > 0);
  const rows = known.map(([name, words]) => [
    words,
    String(before[name] ?? 0),
    ...(after ? [String(after[name] ?? 0)] : []),
  ]);
  return [['stored', 'before', ...(after ? ['after'] : [])], ...rows];
}

function toSentence(done: boolean, held: Counts, tidied: z.infer<typeof files>): string {
  if (!done) {
    const waits = `${held.underWay ?? 0} on their way, ${held.receiptsOwed ?? 0} receipts to be told`;
    return `\nNot done yet (${waits}): the gateway goes on by itself, also after a restart. --at-once drops the receipts.\n`;
  }
  if (tidied?.isClean === true) return '\nForgotten, in the files of the store too.\n';
  return '\nForgotten. Traces may stand in unused bytes of the store until they are written over: --rewrite writes it anew, in a quiet hour.\n';
}
