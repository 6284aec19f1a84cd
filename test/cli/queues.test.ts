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
  t.is(out, 'Paused 1 queue; 12 waiting, 1 being sent.\n');
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
  t.is(out, '12 texts waiting, 1 being sent, which are left alone. Nothing was purged: add --yes to purge.\n');
  t.deepEqual(calls, []);
});

test('only counts on a dry run, even when told yes', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, out} = await run(['purge', '--priority', 'bulk', '--yes', '--dry-run', '--url', url]);
  t.is(code, 0);
  t.is(out, '12 texts waiting, 1 being sent, which are left alone. Nothing was purged.\n');
  t.deepEqual(calls, []);
});

test('stops by phone and by the time texts were accepted', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const times = ['--accepted-after', '2026-11-20T22:10:00Z', '--accepted-before', '1795216200000'];
  t.is((await run(['pause', '--phone', '+14155550123', ...times, '--url', url])).code, 0);
  const filter = {phone: '+14155550123', acceptedAfter: 1_795_212_600_000, acceptedBefore: 1_795_216_200_000};
  t.deepEqual(calls, [['pause', {...filter, kind: 'outbound'}, 'by hand', ops]]);
});

test('drains, waits until nothing is left, and tells how far it is', async t => {
  const filter = {carrier: 'smsc-a', kind: 'outbound'} as const;
  const gates = [{kind: 'draining' as const, filter, reason: 'x', by: 'ops', since: 1}];
  let waiting = 3;
  const count = async () => ({waiting, underWay: waiting-- > 0 ? 1 : 0});
  const {url, calls} = await openManagement(t, {gates, operations: {count}});
  const {code, out, err} = await run(['drain', '--carrier', 'smsc-a', '--wait', '--url', url]);
  t.is(code, 0);
  t.is(out, 'Draining 1 queue; 3 waiting, 1 being sent.\n');
  t.is(err, '2 waiting, 1 being sent.\n1 waiting, 1 being sent.\nDrained.\n');
  t.deepEqual(calls, [['drain', filter, 'by hand', ops]]);
});

test('waits for no drain that somebody ended', async t => {
  const {url} = await openManagement(t);
  const {code, err} = await run(['drain', '--channel', '16504661149', '--wait', '--url', url]);
  t.is(code, 1);
  t.regex(err, /ended by somebody/);
});

test('lists what operators did, and how to go on', async t => {
  const by = {name: 'ops', via: 'cli'} as const;
  const target = {channel: '16504661149', reason: 'oops'};
  const audits = [
    {id: '7', at: 0, by, action: 'purge' as const, target, outcome: 'done', before: 12, done: 11, after: 0},
  ];
  const {url, calls} = await openManagement(t, {audits});
  const {code, out} = await run(['audit', '--action', 'purge', '--since', '2026-11-20T22:10:00Z', '--url', url]);
  t.is(code, 0);
  t.regex(out, /1970-01-01 .*ops \(cli\) +purge +channel 16504661149, reason oops +12 +11 +0 +done\n/);
  t.regex(out, /--before more/);
  t.deepEqual(calls, [['audits', {action: 'purge', since: 1_795_212_600_000, limit: 50}]]);
});

test('tells the times of a filter as times', async t => {
  const by = {name: 'ops', via: 'cli'} as const;
  const target = {acceptedAfter: 1_795_212_600_000, acceptedBefore: 1_795_216_200_000};
  const {url} = await openManagement(t, {
    audits: [{id: '7', at: 0, by, action: 'purge' as const, target, outcome: 'done'}],
  });
  const {out} = await run(['audit', '--url', url]);
  t.regex(out, /acceptedAfter 2026-11-20 22:10:00\.000Z, acceptedBefore 2026-11-20 23:10:00\.000Z/);
});

test('tells what was done until a time that no calendar has', async t => {
  const by = {name: 'ops', via: 'api'} as const;
  const target = {acceptedBefore: Number.MAX_SAFE_INTEGER};
  const {url} = await openManagement(t, {
    audits: [{id: '7', at: 0, by, action: 'purge' as const, target, outcome: 'done'}],
  });
  const {code, out} = await run(['audit', '--url', url]);
  t.is(code, 0);
  t.regex(out, /acceptedBefore 9007199254740991/);
});

test('purges when told yes', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, out} = await run(['purge', '--all', '--yes', '--url', url]);
  t.is(code, 0);
  t.is(out, 'Purged 7 of 12 waiting texts; 0 left, 1 being sent, which are left alone.\n');
  t.is(calls.length, 1);
});

test('purges nothing without a filter', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {code, err} = await run(['purge', '--yes', '--url', url]);
  t.is(code, 1);
  t.regex(err, /^Name what to purge/);
  t.deepEqual(calls, []);
});
