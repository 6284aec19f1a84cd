import test from 'ava';
import {openManagement} from '../helpers/management-port.ts';
import {run} from '../helpers/run-command.ts';

const ops = {name: 'ops', via: 'cli'};
const depths = [{queue: 'outbound|acme|16504661149|smsc-a|bulk', waiting: 12, oldestAt: 1}];

test('pauses by filter', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, out} = await run([
    'pause',
    '--channel',
    '16504661149',
    '--priority',
    'bulk',
    '--reason',
    'oops',
    '--url',
    url,
  ]);
  t.is(code, 0);
  t.is(out, 'Paused 1 queue; 12 waiting.\n');
  t.deepEqual(calls, [['pause', {channel: '16504661149', priority: 'bulk', kind: 'outbound'}, 'oops', ops]]);
});

test('resumes by the same filter', async t => {
  const {url, calls} = await openManagement(t);
  const {code, out} = await run(['resume', '--carrier', 'smsc-a', '--kind', 'inbound', '--url', url]);
  t.is(code, 0);
  t.is(out, 'Resumed.\n');
  t.deepEqual(calls, [['resume', {carrier: 'smsc-a', kind: 'inbound'}, ops]]);
});

test('counts what would be purged, and says how to go on', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, out} = await run(['purge', '--priority', 'bulk', '--url', url]);
  t.is(code, 1);
  t.is(out, '12 texts waiting. Nothing was purged: add --yes to purge.\n');
  t.deepEqual(calls, []);
});

test('purges when told yes', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, out} = await run(['purge', '--all', '--yes', '--url', url]);
  t.is(code, 0);
  t.is(out, 'Purged 7 of 12 waiting texts; 12 left.\n');
  t.is(calls.length, 1);
});

test('purges nothing without a filter', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, err} = await run(['purge', '--yes', '--url', url]);
  t.is(code, 1);
  t.regex(err, /^Name what to purge/);
  t.deepEqual(calls, []);
});
