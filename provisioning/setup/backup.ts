import {closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {z} from 'zod';
import {ProvisionError} from './target.ts';

const kept = z.object({target: z.string(), before: z.unknown()});
const file = z.object({version: z.literal(1), kept: z.array(kept)});
export type Kept = z.output<typeof kept>;

export type Backup = ReturnType<typeof createBackup>;

/**
 * What a run replaced, one file a run: on disk before anything is changed, readable by its owner only.
 * @param begun told the file's name once it is there
 */
export function createBackup(path: string | undefined, begun: (path: string) => void) {
  const name = path ?? findFreeName();
  const all: Kept[] = [];

  return {
    keep(target: string, before: unknown): void {
      const isFirst = all.length === 0;
      all.push({target, before: before ?? null});
      try {
        if (isFirst) closeSync(openSync(name, 'wx', 0o600));
        writeDurably(name, `${JSON.stringify({version: 1, kept: all}, null, 2)}\n`);
      } catch (error) {
        throw toRefusal(error, name, target);
      }
      if (isFirst) begun(name);
    },
  };
}

function toRefusal(error: unknown, name: string, target: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const message =
    error.code === 'EEXIST'
      ? `${name} is there already: say another file with --backup.`
      : `What stands in ${target} can't be kept in ${name} (${error.code}), and so it was not changed: say a file that can be written with --backup.`;
  return new ProvisionError('held back', message);
}

/** In the order it was kept. */
export function readBackup(path: string): Kept[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ProvisionError('held back', `The backup ${path} can't be read: check its name and rights.`);
  }
  try {
    return file.parse(JSON.parse(text)).kept;
  } catch {
    throw new ProvisionError('held back', `${path} is no backup of this command.`);
  }
}

function findFreeName(): string {
  let number = 1;
  while (existsSync(toName(number))) number += 1;
  return toName(number);
}

function toName(number: number): string {
  return `provision-backup-${number}.json`;
}

function writeDurably(path: string, text: string): void {
  const fd = openSync(`${path}.new`, 'w', 0o600);
  try {
    // All of it, or an error: a single write may stop short where the disk is full.
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.new`, path);
}
