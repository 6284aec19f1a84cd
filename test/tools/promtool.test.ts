import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'ava';

const cwd = join(import.meta.dirname, '../../provisioning/monitoring');

const agrees = test.macro({
  exec(t, ...args: string[]) {
    const {error, status, stdout, stderr} = spawnSync('promtool', args, {cwd, encoding: 'utf8'});
    t.is(error, undefined);
    t.is(status, 0, `${stdout}${stderr}`);
  },
  title: (_, ...args) => `promtool (Debian package prometheus) agrees: ${args.join(' ')}`,
});

test(agrees, 'check', 'rules', 'alerts.yaml');
test(agrees, 'test', 'rules', 'alerts.test.yaml');
test(agrees, 'check', 'config', '--syntax-only', 'prometheus.yml');
