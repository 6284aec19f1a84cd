import {execFileSync, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');
const scripts = execFileSync('git', ['ls-files', '*.sh'], {cwd: root, encoding: 'utf8'})
  .split('\n')
  .filter(name => name !== '');

for (const script of scripts) {
  test(`shellcheck (Debian package shellcheck) finds nothing in ${script}`, t => {
    const {error, stdout, status} = spawnSync('shellcheck', [script], {cwd: root, encoding: 'utf8'});
    t.is(error, undefined);
    t.is(stdout, '');
    t.is(status, 0);
  });
}
