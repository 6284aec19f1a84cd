import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** The files a configuration is made of, whether or not it is right: itself, `channels.d/` beside it, and what their `${file:…}` name. */
export interface Sources {
  /** Of all that stands in them. */
  digest: string;
  /** In which something may happen to them. */
  folders: readonly string[];
}

const fileReference = /\$\{file:([^}]+)\}/g;

export function readSources(path: string): Sources {
  const folder = join(dirname(path), 'channels.d');
  const own = [path, ...listFiles(folder)].map(file => ({file, text: readText(file)}));
  const referenced = own.flatMap(({text}) => [...(text ?? '').matchAll(fileReference)].map(match => match[1] ?? ''));
  const others = [...new Set(referenced)].map(file => ({file, text: readText(file)}));
  const all = [...own, ...others];
  const hash = createHash('sha256');
  for (const {file, text} of all) hash.update(JSON.stringify([file, text ?? null]));
  return {digest: hash.digest('hex'), folders: [...new Set([folder, ...all.map(({file}) => dirname(file))])]};
}

function listFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter(name => /^[^.].*\.ya?ml$/.test(name));
    return names.sort().map(name => join(folder, name));
  } catch {
    return [];
  }
}

/** Undefined: it is not there, or can't be read, as when it is just being replaced. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
