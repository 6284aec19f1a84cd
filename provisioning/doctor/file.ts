import {readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Config} from '../../src/config.ts';
import {type Finding, ok, problem, warning} from './finding.ts';
import {holdsPlainSecret} from './plain-secrets.ts';

export interface FileFacts {
  path: string;
  /** Others than its owner may read it. */
  readable: boolean;
  /** Secrets stand in it as they are, not by reference. */
  holdsSecrets: boolean;
}

/** The configuration file, and those in `channels.d` beside it. */
export function lookAtFiles(path: string, secrets: readonly string[]): FileFacts[] {
  return [path, ...listMore(join(dirname(path), 'channels.d'))].map(file => {
    const text = readFileSync(file, 'utf8');
    return {
      path: file,
      readable: (statSync(file).mode & 0o077) !== 0,
      holdsSecrets: holdsPlainSecret(text) || secrets.some(secret => text.includes(secret)),
    };
  });
}

export function judgeFiles(files: readonly FileFacts[], {warnings, channels}: Config): Finding[] {
  const open = files.filter(({readable, holdsSecrets}) => readable && holdsSecrets);
  return [
    ok('file', `${files[0]?.path ?? 'The file'} is right; its channels: ${channels.length}.`),
    ...warnings.map(sentence => warning('config_warning', sentence)),
    ...open.map(({path}) =>
      problem(
        'file_readable',
        `${path} holds secrets and others may read it: chmod 600 ${path}, or give the secrets by \${file:…}.`,
      ),
    ),
  ];
}

function listMore(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => /^[^.].*\.ya?ml$/.test(name))
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}
