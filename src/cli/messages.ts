import {deadLettersAnswer, type MessageAnswer, messageAnswer, messagesAnswer} from './answers.ts';
import {type Client, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {toJson, toTable, toTime} from './print.ts';
import {toTimeline} from './timeline.ts';

const filters = ['phone', 'channel', 'platform', 'carrier', 'state', 'direction', 'limit', 'before'] as const;
const deadLetterFilters = ['reason', 'limit', 'before'] as const;

export const messages: Command = {
  name: 'messages',
  summary: 'Lists messages, or shows the journey of one.',
  operands: '[messageId]',
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
    limit: {type: 'string', value: 'N', help: 'At most so many (50).'},
    before: {type: 'string', value: 'NEXT', help: 'The page after the one that ended with this.'},
    text: {type: 'boolean', help: 'Show the text of the one message too; the asking is recorded.'},
    'dead-letters': {type: 'boolean', help: 'List dead letters instead.'},
    reason: {type: 'string', value: 'REASON', help: 'Of dead letters: only with this reason.'},
    ...clientOptions,
  },
  async run(input, io) {
    const [messageId, ...rest] = input.positionals;
    if (rest.length > 0) throw new UsageError('One message at a time.');
    const client = createClient(input, io);
    if (input.flag('dead-letters')) return listDeadLetters(client, input, io);
    return messageId === undefined ? list(client, input, io) : show(client, messageId, input, io);
  },
};

async function list(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  const answer = await client.get(`/api/messages?${toQuery(input, filters)}`);
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

async function listDeadLetters(client: Client, input: Input, io: CommandIo): Promise<ExitCode> {
  const answer = await client.get(`/api/dead-letters?${toQuery(input, deadLetterFilters)}`);
  if (input.flag('json')) return print(io, toJson(answer));
  const {deadLetters, next} = deadLettersAnswer.parse(answer);
  if (deadLetters.length === 0) return print(io, 'No dead letter fits.\n');
  const rows = deadLetters.map(({at, reason, platform, channel, messageId, detail}) => {
    return [toTime(at), reason, platform, channel, messageId, detail];
  });
  return print(io, toTable([['since', 'reason', 'platform', 'channel', 'message', 'detail'], ...rows]) + toMore(next));
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
