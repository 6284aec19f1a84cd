import {auditsAnswer} from './answers.ts';
import {clientOptions, createClient} from './client.ts';
import {type Command, exit, UsageError} from './command.ts';
import {toJson, toTable, toTime} from './print.ts';
import {toBody} from './stop-options.ts';

const filters = {
  action: {type: 'string', value: 'ACTION', help: 'Only this: pause, resume, drain, purge, replay, settle, forget …'},
  actor: {type: 'string', value: 'NAME', help: 'Only by the token of this name.'},
  since: {type: 'string', value: 'TIME', help: 'Only at this time or later: 2026-11-20T22:10:00Z.'},
  until: {type: 'string', value: 'TIME', help: 'Only before this time.'},
  limit: {type: 'string', value: 'N', help: 'At most so many (50).'},
  before: {type: 'string', value: 'NEXT', help: 'The page after the one that ended with this.'},
} as const;

export const audit: Command = {
  name: 'audit',
  summary: 'Lists what operators did: who, when, to what, and how many texts it touched.',
  operands: '',
  options: {...filters, ...clientOptions},
  async run(input, io) {
    if (input.positionals.length > 0) throw new UsageError('Say --action, --actor, --since or --until.');
    const query = new URLSearchParams(toBody(input, Object.keys(filters)));
    const answer = await createClient(input, io).get(`/api/audit?${query}`);
    io.out(input.flag('json') ? toJson(answer) : toText(auditsAnswer.parse(answer)));
    return exit.ok;
  },
};

function toText({audits, next}: ReturnType<typeof auditsAnswer.parse>): string {
  if (audits.length === 0) return 'Nothing fits.\n';
  const rows = audits.map(({at, by, action, target, before, done, after, outcome}) => [
    toTime(at),
    `${by.name} (${by.via})`,
    action,
    Object.entries(target)
      .map(([name, value]) => `${name} ${toWords(name, value)}`)
      .join(', '),
    ...[before, done, after].map(count => (count === undefined ? '–' : String(count))),
    outcome,
  ]);
  const more = next === null ? '' : `\nThere are more: --before ${next}\n`;
  return toTable([['when', 'who', 'action', 'to what', 'before', 'done', 'left', 'outcome'], ...rows]) + more;
}

/** The last a date can be (ECMA-262, 21.4.1.1). */
const latestMs = 8_640_000_000_000_000;

function toWords(name: string, value: unknown): string {
  // Whoever means never may have said it by a number that no calendar has.
  const isTime = /^accepted|^since$|^until$/.test(name) && typeof value === 'number' && value <= latestMs;
  return isTime ? toTime(value) : String(value);
}
