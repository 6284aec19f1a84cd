import {type MessageAnswer, messageAnswer, messagesAnswer} from './answers.ts';
import {type Client, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {listDeadLetters} from './dead-letters.ts';
import {exportLines, exportOptions, refuseParts} from './export.ts';
import {toJson, toTable, toTime} from './print.ts';
import {toTimeline} from './timeline.ts';

const filters = ['phone', 'channel', 'platform', 'carrier', 'state', 'direction', 'since', 'until'] as const;
const pages = ['limit', 'before'] as const;

export const messages: Command = {
  name: 'messages',
  summary: 'Lists messages, shows the journey of one, or exports all that fit as lines of JSON.',
  operands: '[messageId | export]',
  options: {
    phone: {type: 'string', value: 'NUMBER', help: 'Of or to this phone, with country code.'},
    channel: {type: 'string', value: 'ID', help: 'Of this channel.'},
    platform: {type: 'string', value: 'NAME', help: 'Of this platform.'},
    carrier: {type: 'string', value: 'NAME', help: 'By this carrier.'},
    state: {
      type: 'string',
      value: 'STATE',
      help: 'accepted, sending, sent, delivered, failed, expired, unknown, posted or handled.',
    },
    direction: {type: 'string', value: 'DIRECTION', help: 'outbound or inbound.'},
    since: {type: 'string', value: 'TIME', help: 'Accepted at this time or later: 2026-11-20T22:10:00Z.'},
    until: {type: 'string', value: 'TIME', help: 'Accepted before this time.'},
    limit: {type: 'string', value: 'N', help: 'At most so many (50).'},
    before: {type: 'string', value: 'NEXT', help: 'The page after the one that ended with this.'},
    ...exportOptions,
    text: {type: 'boolean', help: 'Show the text too, of one message or with the export; the asking is recorded.'},
    'dead-letters': {type: 'boolean', help: 'List dead letters instead.'},
    reason: {type: 'string', value: 'REASON', help: 'Of dead letters: only with this reason.'},
    ...clientOptions,
  },
  async run(input, io) {
    const [messageId, ...rest] = input.positionals;
    if (rest.length > 0) throw new UsageError('One message at a time.');
    const client = createClient(input, io);
    if (messageId === 'export') {
      refuseParts(input, [...pages, 'dead-letters', 'reason']);
      const query = toQuery(input, filters);
      if (input.flag('text')) query.set('text', '1');
      return exportLines(client, `/api/messages/export?${query}`, input, io);
    }
    if (input.flag('dead-letters')) return listDeadLetters(client, input, io);
    return messageId === undefined ? list(client, input, io) : show(client, messageId, input, io);
  },
};

async function list(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  const answer = await client.get(`/api/messages?${toQuery(input, [...filters, ...pages])}`);
  if (input.flag('json')) return print(io, toJson(answer));
  const {messages: found, next} = messagesAnswer.parse(answer);
  if (found.length === 0) return print(io, 'No message fits.\n');
  const head = ['accepted', 'direction', 'from', 'to', 'state', 'carrier', 'message'];
  return print(io, toTable([head, ...found.map(toRow)]) + toMore(next));
}

async function show(client: Client, messageId: string, input: Input, io: CommandIo): Promise<ExitCode> {
  const query = input.flag('text') ? '?text=1' : '';
  const answer = await client.get(`/api/messages/${encodeURIComponent(messageId)}${query}`);
  return print(io, input.flag('json') ? toJson(answer) : toTimeline(messageAnswer.parse(answer)));
}

function toRow({acceptedAt, direction, from, to, state, carrier, messageId}: MessageAnswer): string[] {
  return [toTime(acceptedAt), direction, from, to, state, carrier, messageId];
}

function toMore(next: string | null): string {
  return next === null ? '' : `\nThere are more: --before ${next}\n`;
}

function toQuery(input: Input, names: readonly string[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = input.text(name);
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

function print(io: CommandIo, text: string): ExitCode {
  io.out(text);
  return exit.ok;
}
