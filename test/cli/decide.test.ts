import test from 'ava';
import {openManagement} from '../helpers/management-port.ts';
import {run} from '../helpers/run-command.ts';

const ops = {name: 'ops', via: 'cli'};

test('replays several, and tells which could not be', async t => {
  const replay = async (id: string) => (id === 'm-2' ? 'not_ended' : 'replayed') as 'not_ended' | 'replayed';
  const {url} = await openManagement(t, {operations: {replay}});
  const {code, out} = await run(['replay', 'm-1', 'm-2', 'm-3', '--url', url]);
  t.is(code, 1);
  t.regex(out, /^m-1: replayed\nm-2: The message m-2 has not ended badly.*\nm-3: replayed\n$/);
});

test('is content when all were replayed', async t => {
  const {url, calls} = await openManagement(t);
  const {code, out} = await run(['replay', 'm-1', '--json', '--url', url]);
  t.is(code, 0);
  t.deepEqual(JSON.parse(out), [{messageId: 'm-1', result: 'replayed'}]);
  t.deepEqual(calls, [['replay', 'm-1', ops]]);
});

test('settles an unknown one', async t => {
  const {url, calls} = await openManagement(t);
  const {code, out} = await run(['settle', 'm-1', '--as', 'sent', '--url', url]);
  t.is(code, 0);
  t.is(out, 'm-1: settled as sent\n');
  t.deepEqual(calls, [['settle', 'm-1', 'sent', ops]]);
});
