import {spawnSync} from 'node:child_process';
import test from 'ava';

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
