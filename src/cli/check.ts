import type {Channel} from '../core/channel.ts';
import {formatDuration} from '../core/duration.ts';
import {type CheckedConfig, type Command, type ConfigMistake, exit, UsageError} from './command.ts';
import {toJson, toTable} from './print.ts';
import {replayRecords} from './replay-records.ts';

export const check: Command = {
  name: 'check',
  summary: 'Reads a configuration file and tells every mistake in it, or what it amounts to. Calls nobody.',
  operands: '[file]',
  options: {
    json: {type: 'boolean', help: 'Print the result as JSON.'},
    replay: {
      type: 'string',
      value: 'FOLDER',
      help: 'Tell what each webhook recorded there would become under these settings instead.',
    },
    settings: {type: 'boolean', help: 'Print every setting there is as Markdown tables instead.'},
  },
  async run(input, io) {
    const [file, ...rest] = input.positionals;
    if (rest.length > 0) throw new UsageError('One file at a time; channels.d beside it is read by itself.');
    if (input.flag('settings')) {
      io.out(io.settingsMarkdown());
      return exit.ok;
    }
    const path = file ?? io.env.GATEWAY_CONFIG ?? 'gateway.yaml';
    const read = io.readConfig(path);
    const folder = input.text('replay');
    if (folder !== undefined && 'config' in read) {
      return replayRecords(folder, path, read.config, input.flag('json'), io);
    }
    const isRight = 'config' in read;
    if (input.flag('json')) io.out(toJson(isRight ? toSummary(read.config) : {ok: false, mistakes: read.mistakes}));
    else if (isRight) io.out(toReport(path, read.config));
    else io.err(toComplaint(path, read.mistakes));
    return isRight ? exit.ok : exit.config;
  },
};

export function formatMistakes(mistakes: readonly ConfigMistake[]): string {
  return mistakes
    .map(
      ({file, line, path, message}) =>
        `  ${[line === undefined ? file : `${file}:${line}`, path].join(' ').trim()}: ${message}\n`,
    )
    .join('');
}

function toComplaint(path: string, mistakes: readonly ConfigMistake[]): string {
  return `${path} has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}:\n${formatMistakes(mistakes)}`;
}

function toReport(path: string, config: CheckedConfig): string {
  const {listen, management, publicUrl, platforms, carriers, channels, warnings} = config;
  const facts = [
    ['public port', `${listen.host}:${listen.port}`],
    ['public URL', publicUrl ?? 'none'],
    [
      'management port',
      `${management.host}:${management.port}, ${management.tokens.length} token${management.tokens.length === 1 ? '' : 's'}`,
    ],
    ['store', hidePassword(config.store)],
    ['platforms', toNames(platforms)],
    ['carriers', toNames(carriers)],
  ];
  const head = ['channel', 'platform', 'address', 'country', 'priority', 'carriers', 'sent within'];
  const table = channels.length === 0 ? '' : `\n${toTable([head, ...channels.map(toRow)])}`;
  const odd = warnings.length === 0 ? '' : `\nWarnings:\n${warnings.map(warning => `  ${warning}\n`).join('')}`;
  return `${path} is right.\n\n${toTable(facts)}${table}${odd}`;
}

function toRow({id, platform, address, country, priority, carriers, sendWithinMs}: Channel): string[] {
  const names = carriers.map(({carrier}) => carrier).join(', ');
  return [id, platform, address, country ?? '', priority, names, formatDuration(sendWithinMs)];
}

function toSummary({listen, publicUrl, management, store, platforms, carriers, channels, warnings}: CheckedConfig) {
  return {
    ok: true,
    listen: {host: listen.host, port: listen.port},
    publicUrl: publicUrl ?? null,
    management: {host: management.host, port: management.port},
    store: hidePassword(store),
    platforms: Object.fromEntries([...platforms].map(([name, {type}]) => [name, type])),
    carriers: Object.fromEntries([...carriers].map(([name, {type}]) => [name, type])),
    channels: channels.map(({id, platform, address, country, priority, carriers: own}) => ({
      id,
      platform,
      address,
      country: country ?? null,
      priority,
      carriers: own.map(({carrier}) => carrier),
    })),
    warnings,
  };
}

function toNames(parties: ReadonlyMap<string, {type: string}>): string {
  return [...parties].map(([name, {type}]) => `${name} (${type})`).join(', ') || 'none';
}

function hidePassword(store: string): string {
  return store.replace(/^(postgres(?:ql)?:\/\/[^:@/]*):.*@/, '$1:***@');
}
