import {readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {type Document, isBlock, type Part, readDocument} from './document.ts';
import {type Environment, interpolate} from './interpolate.ts';
import type {Mistake} from './mistakes.ts';

export interface Documents {
  main: Document;
  /** The channels of all files, in the order of their files' names. */
  channels: Part[];
  all: Document[];
}

/** Whoever was writing it had no room, or was cut short: taken as it is it would take every channel away. */
const emptyFile = 'is empty: was it cut short? Write its settings; a file of `channels.d` may be taken away instead.';

/** Reads the file and `channels.d/*.yaml` beside it, references replaced. Undefined when the file itself can't be read. */
export function openDocuments(path: string, env: Environment, mistakes: Mistake[]): Documents | undefined {
  const main = open(path, env, mistakes);
  if (main === undefined) return undefined;
  const extras = listExtraFiles(path, mistakes).flatMap(file => open(file, env, mistakes) ?? []);
  return {main, channels: [...mainChannels(main), ...extras.flatMap(extraChannels)], all: [main, ...extras]};
}

function open(file: string, env: Environment, mistakes: Mistake[]): Document | undefined {
  const document = readDocument(file, mistakes);
  if (document?.value !== null) return document && interpolate(document, env, mistakes);
  mistakes.push({file, line: undefined, path: '', message: emptyFile});
  return undefined;
}

function listExtraFiles(path: string, mistakes: Mistake[]): string[] {
  const folder = join(dirname(path), 'channels.d');
  try {
    const names = readdirSync(folder).filter(name => /^[^.].*\.ya?ml$/.test(name));
    return names.sort().map(name => join(folder, name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code !== 'ENOENT') {
      const message = `can't be listed (${code}): check that it is a folder, and its rights.`;
      mistakes.push({file: folder, line: undefined, path: '', message});
    }
    return [];
  }
}

function mainChannels(document: Document): Part[] {
  if (!isBlock(document.value) || !Array.isArray(document.value.channels)) return [];
  return document.value.channels.map((value, index) => ({document, path: ['channels', index], value}));
}

/** Such a file holds one channel or a list of them. */
function extraChannels(document: Document): Part[] {
  const {value} = document;
  if (Array.isArray(value)) return value.map((item, index) => ({document, path: [index], value: item}));
  return [{document, path: [], value}];
}
