import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import test, {type ExecutionContext} from 'ava';

const logModule = new URL('../src/log.ts', import.meta.url).href;
/** Less than is written at once: nothing is on its way when the process ends. */
const many = 100;
/** More than is written at once, and some lines are left. */
const more = 500;

/** A process that writes lines and then does something. */
function run(t: ExecutionContext, then: string, count = many) {
  const script = `
    const {createLog} = await import(${JSON.stringify(logModule)});
    const log = createLog({level: 'info', pretty: false});
    for (let number = 0; number < ${count}; number += 1) log.info('test.line', {number, padding: 'x'.repeat(50)});
    ${then}`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const events: string[] = [];
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({input: child.stdout}).on('line', line => events.push(JSON.parse(line).event));
  return {child, events, lines};
}

const keeps = test.macro({
  async exec(t, then: string, last: string, count: number = many) {
    const {child, events, lines} = run(t, then, count);
    child.stdin?.end();
    await once(lines, 'close');
    t.is(events.filter(event => event === 'test.line').length, count);
    t.is(events.at(-1), last);
  },
  title: title => `loses no line when the process ${title}`,
});

test('is done', keeps, '', 'test.line');
test('is done while some are on their way', keeps, '', 'test.line', more);
test('exits while some are on their way', keeps, 'process.exit(1);', 'test.line', more);
test('exits', keeps, "log.info('test.last'); process.exit(1);", 'test.last');
test('fails', keeps, "log.info('test.last'); throw new Error('on purpose');", 'test.last');

test('ends although whoever read its lines has just gone', async t => {
  const {child} = run(
    t,
    "(await import('node:fs')).readSync(0, Buffer.alloc(1)); log.info('test.last'); process.exit(3);",
    0,
  );
  child.stdout?.destroy();
  child.stdin?.end();
  t.deepEqual(await once(child, 'exit'), [3, null]);
});

const shows = test.macro({
  async exec(t, then: string, last: string) {
    const {child, events, lines} = run(t, `process.stdin.resume(); ${then}`);
    const ended = once(lines, 'close');
    while (events.at(-1) !== last) await once(lines, 'line');
    t.is(child.exitCode, null);
    child.stdin?.end();
    await ended;
    t.is(events.length, many + 1);
  },
  title: title => `shows ${title} while the process goes on`,
});

test('a warning with all before it', shows, "log.warn('test.warned');", 'test.warned');
test('lines of less than a write', shows, "setTimeout(() => log.info('test.late'), 300);", 'test.late');
