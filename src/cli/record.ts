import {z} from 'zod';
import {clientOptions, createClient} from './client.ts';
import {type Command, exit, UsageError} from './command.ts';
import {toJson, toTime} from './print.ts';

const recordAnswer = z.object({
  recording: z.object({folder: z.string(), until: z.number(), count: z.number(), plain: z.boolean()}).nullable(),
  ended: z.object({folder: z.string(), recorded: z.number()}).optional(),
});

export const record: Command = {
  name: 'record',
  summary:
    'Has a running gateway write the webhooks it gets of platforms and of Twilio to files, for a while; check --replay reads those of platforms.',
  operands: '',
  options: {
    for: {type: 'string', value: 'DURATION', help: 'At most so long (10m); it ends by itself.'},
    count: {type: 'string', value: 'N', help: 'At most so many webhooks (100).'},
    plain: {
      type: 'boolean',
      help: 'Texts, numbers and platforms’ signatures as they are; without it they are masked. Secrets are never written.',
    },
    stop: {type: 'boolean', help: 'End the recording now.'},
    ...clientOptions,
  },
  async run(input, io) {
    if (input.positionals.length > 0) throw new UsageError('The folder is the setting recordings of the gateway.');
    const [time, count] = [input.text('for'), input.text('count')];
    if (count !== undefined && !/^\d{1,4}$/.test(count)) throw new UsageError('--count takes a number up to 1000.');
    const wish = {
      ...(time === undefined ? {} : {for: time}),
      ...(count === undefined ? {} : {count: Number(count)}),
      plain: input.flag('plain'),
    };
    const answer = await createClient(input, io).post('/api/record', input.flag('stop') ? {stop: true} : wish);
    io.out(input.flag('json') ? toJson(answer) : toSentence(recordAnswer.parse(answer)));
    return exit.ok;
  },
};

function toSentence({recording, ended}: z.infer<typeof recordAnswer>): string {
  if (recording === null) return `Ended. ${ended?.recorded ?? 0} webhooks lie in ${ended?.folder ?? 'the folder'}.\n`;
  const {folder, until, count, plain} = recording;
  const how = plain ? 'as they are: they hold texts and numbers' : 'with texts and numbers masked';
  return `Recording until ${toTime(until)}, at most ${count} webhooks, ${how}.\nOn the gateway's machine, in ${folder}.\n`;
}
