import {spawnSync} from 'node:child_process';
import {setTimeout as after} from 'node:timers/promises';
import test from 'ava';
import {gatherLines} from '../src/log-lines.ts';

function createSink() {
  const written: string[] = [];
  return {written, write: (lines: string) => written.push(lines), flush() {}, writeLast() {}};
}

test('lines are written together after a moment', async t => {
  const sink = createSink();
  const lines = gatherLines(sink);
  lines.write('one\n');
  lines.write('two\n');
  t.deepEqual(sink.written, []);
  while (sink.written.length === 0) await after(5);
  t.deepEqual(sink.written, ['one\ntwo\n']);
});

test('many are written at once, in their order', t => {
  const sink = createSink();
  const lines = gatherLines(sink);
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 70; count += 1) lines.write(line);
  t.is(sink.written.length, 2);
  lines.flush();
  t.is(sink.written.join(''), line.repeat(70));
});

test('what is flushed takes those before it along', t => {
  const sink = createSink();
  const lines = gatherLines(sink);
  lines.write('info\n');
  lines.write('warn\n');
  lines.flush();
  t.deepEqual(sink.written, ['info\nwarn\n']);
});

for (const how of ['process.exit(3)', 'process.exitCode = 3']) {
  test(`a process that ends by ${how} has written every line`, t => {
    const program = `
      import {createLog} from ${JSON.stringify(new URL('../src/log.ts', import.meta.url).href)};
      const log = createLog({level: 'info', pretty: false});
      for (let count = 0; count < 500; count += 1) log.info('line', {count});
      ${how};`;
    const {stdout, status} = spawnSync(process.execPath, ['--input-type=module', '-e', program], {encoding: 'utf8'});
    t.is(status, 3);
    const counts = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).count);
    t.deepEqual(
      counts,
      Array.from({length: 500}, (_, count) => count),
    );
  });
}
