import {deadLettersAnswer} from './answers.ts';
import {type Client, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {exportLines, exportOptions, refuseParts} from './export.ts';
import {deadLetterFilters, toFilter} from './many.ts';
import {toJson, toTable, toTime} from './print.ts';

export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'Lists what ended badly and why, or exports all of it as lines of JSON.',
  operands: '[export]',
  options: {
    ...deadLetterFilters,
    limit: {type: 'string', value: 'N', help: 'List at most so many (50).'},
    before: {type: 'string', value: 'NEXT', help: 'List the page after the one that ended with this.'},
    ...exportOptions,
    ...clientOptions,
  },
  async run(input, io) {
    const [action, ...rest] = input.positionals;
    if (rest.length > 0 || (action !== undefined && action !== 'export')) {
      throw new UsageError('Say nothing more, for a list, or export. To replay them: replay --reason …, or --all.');
    }
    const client = createClient(input, io);
    if (action === undefined) return listDeadLetters(client, input, io);
    refuseParts(input, ['limit', 'before']);
    const query = new URLSearchParams({...toFilter(input), ...(input.flag('text') && {text: '1'})});
    return exportLines(client, `/api/dead-letters/export?${query}`, input, io);
  },
};

export async function listDeadLetters(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  const query = new URLSearchParams(toFilter(input));
  for (const name of ['limit', 'before']) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const answer = await client.get(`/api/dead-letters?${query}`);
  io.out(input.flag('json') ? toJson(answer) : toLines(answer));
  return exit.ok;
}

function toLines(answer: unknown): string {
  const {deadLetters: found, next} = deadLettersAnswer.parse(answer);
  if (found.length === 0) return 'No dead letter fits.\n';
  const rows = found.map(({at, reason, platform, channel, messageId, detail}) => {
    return [toTime(at), reason, platform, channel, messageId, detail];
  });
  const more = next === null ? '' : `\nThere are more: --before ${next}\n`;
  return toTable([['since', 'reason', 'platform', 'channel', 'message', 'detail'], ...rows]) + more;
}
