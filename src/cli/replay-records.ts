import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {maskPhone} from '../core/address.ts';
import type {OutboundReading, Platform} from '../platforms/platform.ts';
import {ClientError} from './client.ts';
import {type CheckedConfig, type CommandIo, type ExitCode, exit} from './command.ts';
import {toJson, toTable} from './print.ts';

/** What is needed of a recorded webhook, and of a body a developer wrote beside it. */
const recorded = z.looseObject({
  path: z.string(),
  status: z.number(),
  body: z.unknown().optional(),
  bytes: z.string().optional(),
});

/** Nothing is wrong with it. */
const ofTwilio = 'a webhook of Twilio: only those of platforms are read again here';

interface Replayed {
  file: string;
  answered: number;
  becomes: string;
  readable: boolean;
}

/** Tells what each recorded webhook would become under the settings of this file. Nothing is sent or stored. */
export async function replayRecords(
  folder: string,
  path: string,
  config: CheckedConfig,
  asJson: boolean,
  io: CommandIo,
) {
  const platforms = io.openPlatforms?.(path);
  if (platforms === undefined) throw new ClientError('This build can open no platforms.', exit.unavailable);
  try {
    const replayed = listFiles(folder).map(file => replay(join(folder, file), file, config, platforms));
    if (asJson) io.out(toJson({replayed}));
    else if (replayed.length === 0) io.out(`No recorded webhook lies in ${folder}.\n`);
    else io.out(toTable([['file', 'answered', 'becomes'], ...replayed.map(toRow)]));
    const code: ExitCode = replayed.every(({readable}) => readable) ? exit.ok : exit.refused;
    return code;
  } finally {
    await Promise.all([...platforms.values()].map(platform => platform.stop()));
  }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .sort();
  } catch {
    throw new ClientError(`There is no folder ${folder} that can be read.`, exit.usage);
  }
}

function replay(path: string, file: string, config: CheckedConfig, platforms: ReadonlyMap<string, Platform>): Replayed {
  const record = readRecord(path);
  if (record === undefined) return {file, answered: 0, becomes: 'it is no recorded webhook', readable: false};
  const answered = record.status;
  if (record.path.startsWith('/twilio/')) return {file, answered, becomes: ofTwilio, readable: true};
  const owner = findOwner(record.path, config);
  const platform = platforms.get(owner?.platform ?? '');
  if (platform === undefined || owner === undefined) {
    return {file, answered, becomes: 'no channel of the file has this path', readable: false};
  }
  const raw = record.bytes === undefined ? JSON.stringify(record.body) : Buffer.from(record.bytes, 'base64').toString();
  try {
    const reading = platform.read(raw, owner.channel);
    return {file, answered, becomes: describe(reading), readable: reading.readable};
  } catch {
    return {file, answered, becomes: 'no JSON: refused with 400', readable: false};
  }
}

function readRecord(path: string): z.infer<typeof recorded> | undefined {
  try {
    return recorded.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A webhook without a channel in its path is read by the first platform: its settings say where the fields are. */
function findOwner(
  path: string,
  {channels, platforms}: CheckedConfig,
): {platform: string; channel: string} | undefined {
  const [, , , ...named] = path.split('/').map(decode);
  const id = named.at(-1);
  if (id === undefined || id === '') {
    const [first] = platforms.keys();
    return first === undefined ? undefined : {platform: first, channel: ''};
  }
  const platform = named.length > 1 ? named[0] : undefined;
  const channel = channels.find(one => one.id === id && (platform ?? one.platform) === one.platform);
  return channel && {platform: channel.platform, channel: channel.id};
}

/** What is wrongly encoded is the name of no channel. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function describe(reading: OutboundReading): string {
  if (!reading.readable) return reading.why;
  const texts = reading.texts.map(
    ({to, text, media}) =>
      `a text to ${maskPhone(to)}, ${text.length} characters${media.length > 0 ? `, ${media.length} files` : ''}`,
  );
  return texts.join('; ');
}

function toRow({file, answered, becomes}: Replayed): string[] {
  return [file, String(answered), becomes];
}
