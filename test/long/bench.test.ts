import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import test from 'ava';

const run = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
const few = ['--count', '60', '--rounds', '1'];
const fewWaiting = [...few, '--rows', '300'];

/** Each counts every text to its end by itself, and fails when one was lost or doubled. */
const runs = test.macro({
  async exec(t, args: readonly string[], row: RegExp) {
    t.timeout(600_000);
    const {code, out, err} = await execute(args);
    t.is(code, 0, err.slice(-4000));
    t.regex(out, row);
  },
  title: (_title, args: readonly string[]) => `the bench ${args[0]} counts every text to its end and tells its numbers`,
});

test.serial(
  runs,
  ['burst', '--count', '200', '--rounds', '1', '--rate', '40', '--idle', '2', '--drain', '3'],
  /sliding second/,
);
test.serial(runs, ['ingest', ...few, '--fsync', '0,5'], /gateway +\d/);
test.serial(runs, ['path', ...few], /PostgreSQL \/ SQLite +\d/);
test.serial(runs, ['least', ...few], /gateway \/ least +\d/);
test.serial(runs, ['inbound', ...few], /inbound \/ bare +\d/);
test.serial(runs, ['twilio', ...few], /Twilio \/ bare +\d/);
test.serial(runs, ['latency', ...few, '--seconds', '2', '--rate', '20'], /gateway +20/);
test.serial(runs, ['startup', '--rows', '300', '--rounds', '1'], /PostgreSQL, 300 waiting +\d/);
test.serial(runs, ['store', ...fewWaiting], /PostgreSQL, 300 waiting \/ empty +\d/);
test.serial(runs, ['backlog', ...fewWaiting], /PostgreSQL, 300 waiting \/ empty +\d/);

function execute(args: readonly string[]): Promise<{code: number | null; out: string; err: string}> {
  const child = spawn(process.execPath, [run, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({code, out, err}));
  });
}
