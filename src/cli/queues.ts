import {pausedAnswer, purgedAnswer} from './answers.ts';
import {clientOptions, createClient} from './client.ts';
import {type Command, exit, type Input} from './command.ts';
import {toJson} from './print.ts';
import {
  count,
  filterNames,
  kindOption,
  queueOptions,
  reasonOption,
  refuseOperands,
  textOptions,
  toBody,
} from './stop-options.ts';

export {drain} from './drain.ts';

export const pause: Command = {
  name: 'pause',
  summary: 'Stops sending, on all replicas within a second. What waits is kept; webhooks are taken on.',
  operands: '',
  options: {...queueOptions, ...textOptions, ...kindOption, ...reasonOption, ...clientOptions},
  async run(input, io) {
    refuseOperands(input);
    const answer = await createClient(input, io).post('/api/pause', toBody(input, [...filterNames, 'kind', 'reason']));
    const {queues, waiting, underWay} = pausedAnswer.parse(answer);
    const told = `Paused ${count(queues, 'queue')}; ${waiting} waiting, ${underWay} being sent.\n`;
    io.out(input.flag('json') ? toJson(answer) : told);
    return exit.ok;
  },
};

export const resume: Command = {
  name: 'resume',
  summary: 'Takes a pause or a drain back. The filter must be the one it was begun with.',
  operands: '',
  options: {...queueOptions, ...textOptions, ...kindOption, ...clientOptions},
  async run(input, io) {
    refuseOperands(input);
    const answer = await createClient(input, io).post('/api/resume', toBody(input, [...filterNames, 'kind']));
    io.out(input.flag('json') ? toJson(answer) : 'Resumed.\n');
    return exit.ok;
  },
};

export const purge: Command = {
  name: 'purge',
  summary: 'Ends waiting outbound texts as failed, with receipts. Counts them first; --yes does it.',
  operands: '',
  options: {
    ...queueOptions,
    ...textOptions,
    all: {type: 'boolean', help: 'Everything that waits, without a filter.'},
    yes: {type: 'boolean', help: 'Purge. Without it nothing is purged, and the exit code is 1 while something waits.'},
    'dry-run': {type: 'boolean', help: 'Only count, and be content with it: the exit code is 0.'},
    ...reasonOption,
    ...clientOptions,
  },
  async run(input, io) {
    refuseOperands(input);
    const confirm = input.flag('yes') && !input.flag('dry-run');
    const body = {...toBody(input, [...filterNames, 'reason']), confirm, ...(input.flag('all') && {all: true})};
    const answer = await createClient(input, io).post('/api/purge', body);
    const told = purgedAnswer.parse(answer);
    io.out(input.flag('json') ? toJson(answer) : toSentence(told, input));
    return told.confirmed || told.waiting === 0 || input.flag('dry-run') ? exit.ok : exit.refused;
  },
};

function toSentence({waiting, underWay, purged, confirmed, left}: ReturnType<typeof purgedAnswer.parse>, input: Input) {
  const sending = `${underWay} being sent, which are left alone`;
  if (confirmed) return `Purged ${purged} of ${count(waiting, 'waiting text')}; ${left ?? 0} left, ${sending}.\n`;
  const how = input.flag('dry-run') ? '' : ': add --yes to purge';
  return `${count(waiting, 'text')} waiting, ${sending}. Nothing was purged${how}.\n`;
}
