import {type Client, ClientError, clientOptions, createClient} from './client.ts';
import {type Command, exit, type Input, UsageError} from './command.ts';
import {decideMany, isMany, manyOptions} from './many.ts';
import {toJson} from './print.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Sends or posts once more what ended badly: messages by their ids, or all dead letters that fit.',
  operands: '<messageId>… | --all | [filters]',
  options: {...manyOptions, ...clientOptions},
  async run(input, io) {
    if (isMany(input)) {
      refuseBoth(input);
      const many = {path: '/api/dead-letters/replay', word: 'replayed', more: {}} as const;
      return decideMany(createClient(input, io), many, input, io);
    }
    if (input.positionals.length === 0) throw new UsageError('Name messages, say which by a filter, or --all.');
    const client = createClient(input, io);
    const results = [];
    for (const messageId of input.positionals) results.push(await replayOne(client, messageId));
    if (input.flag('json')) io.out(toJson(results));
    else for (const {messageId, result, message} of results) io.out(`${messageId}: ${message ?? result}\n`);
    return results.every(({message}) => message === undefined) ? exit.ok : exit.refused;
  },
};

export const settle: Command = {
  name: 'settle',
  summary:
    'Decides what is unknown (it may have been sent, and no evidence came): one message, or all dead letters that fit.',
  operands: '<messageId> | --all | [filters]',
  options: {
    as: {
      type: 'string',
      value: 'FATE',
      help: 'sent (it went out), failed (give it up), retry (send it again: a phone may get it twice).',
    },
    ...manyOptions,
    ...clientOptions,
  },
  async run(input, io) {
    const [messageId, ...rest] = input.positionals;
    const as = input.text('as');
    if (isMany(input)) {
      refuseBoth(input);
      if (as === undefined && !input.flag('count')) throw new UsageError('Say --as sent, failed or retry.');
      const many = {path: '/api/dead-letters/settle', word: 'settled', more: {...(as !== undefined && {as})}} as const;
      return decideMany(createClient(input, io), many, input, io);
    }
    if (messageId === undefined || rest.length > 0)
      throw new UsageError('Name one message, say which by a filter, or --all.');
    if (as === undefined) throw new UsageError('Say --as sent, failed or retry.');
    const answer = await createClient(input, io).post(`/api/messages/${encodeURIComponent(messageId)}/settle`, {as});
    io.out(input.flag('json') ? toJson(answer) : `${messageId}: settled as ${as}\n`);
    return exit.ok;
  },
};

function refuseBoth({positionals}: Input): void {
  if (positionals.length > 0) throw new UsageError('Name messages, or say which by a filter, not both.');
}

interface Replayed {
  messageId: string;
  result: 'replayed' | 'refused';
  message?: string;
}

/** One that can't be replayed does not keep the others from it. */
async function replayOne(client: Client, messageId: string): Promise<Replayed> {
  try {
    await client.post(`/api/messages/${encodeURIComponent(messageId)}/replay`, {});
    return {messageId, result: 'replayed'};
  } catch (error) {
    if (!(error instanceof ClientError) || error.exitCode !== exit.refused) throw error;
    return {messageId, result: 'refused', message: error.message};
  }
}
