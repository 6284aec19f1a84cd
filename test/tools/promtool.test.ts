import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';

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

test('each alert has a case in which it is told', t => {
  const read = (name: string) => parse(readFileSync(join(cwd, name), 'utf8'));
  const alerts: string[] = read('alerts.yaml').groups.flatMap((group: {rules: Array<{alert: string}>}) =>
    group.rules.map(({alert}) => alert),
  );
  const cases: Case[] = read('alerts.test.yaml').tests.flatMap(
    (each: {alert_rule_test: Case[]}) => each.alert_rule_test,
  );
  const told = new Set(cases.flatMap(({alertname, exp_alerts: all}) => (all.length > 0 ? [alertname] : [])));
  t.true(alerts.length > 10);
  t.deepEqual(
    alerts.filter(alert => !told.has(alert)),
    [],
  );
});

interface Case {
  alertname: string;
  exp_alerts: unknown[];
}
