import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';

const root = join(import.meta.dirname, '../..');
const scripts = readdirSync(join(root, 'provisioning'), {recursive: true, encoding: 'utf8'}).filter(name =>
  name.endsWith('.sh'),
);

for (const script of scripts) {
  test(`shellcheck (Debian package shellcheck) finds nothing in provisioning/${script}`, t => {
    const {error, stdout, status} = spawnSync('shellcheck', [join('provisioning', script)], {
      cwd: root,
      encoding: 'utf8',
    });
    t.is(error, undefined);
    t.is(stdout, '');
    t.is(status, 0);
  });
}
