import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Where it runs; a folder of the test's own otherwise. */
  folder?: string;
  /** The shell and its arguments. */
  shell?: readonly string[];
}

const scripts = join(import.meta.dirname, '../../provisioning');

/** Runs a script of `provisioning/` as a person would, with a real shell and a real curl; nothing of this process's environment but the path. */
export async function run(
  t: ExecutionContext,
  script: string,
  args: readonly string[] = [],
  {env = {}, folder = makeFolder(t), shell = ['sh']}: RunOptions = {},
): Promise<Run> {
  const [program = 'sh', ...before] = shell;
  const child = spawn(program, [...before, join(scripts, script), ...args], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  return {code, ...output};
}

export function makeFolder(t: Pick<ExecutionContext, 'teardown'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'provisioning-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
