import {once} from 'node:events';
import {createWriteStream} from 'node:fs';
import {rm} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import {type Client, ClientError} from './client.ts';
import {type CommandIo, type ExitCode, exit, type Input, type Option, UsageError} from './command.ts';

export const exportOptions = {
  text: {type: 'boolean', help: 'With texts (an operator; the asking is recorded with each message).'},
  out: {type: 'string', value: 'FILE', help: 'Into this new file, for its owner only, instead of standard output.'},
} as const satisfies Record<string, Option>;

/** All that fit are exported: whoever limits it would get more than asked for, texts perhaps. */
export function refuseParts(input: Input, names: readonly string[]): void {
  const given = names.filter(name => input.text(name) !== undefined || input.flag(name));
  if (given.length === 0) return;
  const options = given.map(name => `--${name}`).join(', ');
  throw new UsageError(`An export is of all that fit, without ${options}: choose by the filters, such as --since.`);
}

/** Line by line as it comes; what is broken off ends with exit code 69. */
export async function exportLines(client: Client, path: string, input: Input, io: CommandIo): Promise<ExitCode> {
  const file = input.text('out');
  if (file === undefined) {
    for await (const chunk of client.stream(path)) {
      io.out(chunk);
      await io.drained?.();
    }
    return exit.ok;
  }
  const target = createWriteStream(file, {flags: 'wx', mode: 0o600});
  await once(target, 'open').catch(() => {
    throw new UsageError(`${file} can't be written, or is there already: name a new file.`);
  });
  try {
    await pipeline(client.stream(path), target);
  } catch (error) {
    // What was refused has told nothing: the same command may be given again.
    if (target.bytesWritten === 0) await rm(file, {force: true});
    throw toTold(error, file);
  }
  return exit.ok;
}

function toTold(error: unknown, file: string): unknown {
  if (error instanceof ClientError || !(error instanceof Error) || !('code' in error)) return error;
  return new ClientError(
    `${file} can't be written to its end (${error.code}): what it holds is not all.`,
    exit.refused,
  );
}
