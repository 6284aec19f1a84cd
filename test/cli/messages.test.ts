import test from 'ava';
import {deadLetter, openManagement, record} from '../helpers/management-port.ts';
import {run} from '../helpers/run-command.ts';

test('lists messages in columns', async t => {
  const {url, calls} = await openManagement(t);
  const {code, out} = await run(['messages', '--phone', '+14155550123', '--limit', '5', '--url', url]);
  t.is(code, 0);
  t.deepEqual(calls, [['find', {phone: '+14155550123', limit: 5}]]);
  t.deepEqual(out.split('\n'), [
    'accepted                  direction  from          to            state      carrier  message',
    '2023-11-14 22:13:20.000Z  outbound   +16504661149  +14155550123  delivered  smsc-a   m-1',
    '',
  ]);
});

test('shows the journey of a message with the time each step took', async t => {
  const {url} = await openManagement(t);
  const {out} = await run(['messages', 'm-1', '--url', url]);
  t.is(
    out,
    `message  m-1
state    outbound delivered
from     +16504661149
to       +14155550123
channel  16504661149 of acme, interactive
carrier  smsc-a

2023-11-14 22:13:20.000Z          accepted
2023-11-14 22:13:20.012Z  +12 ms  started   segment 0, attempt 1
2023-11-14 22:13:22.345Z  +2.3 s  receipt   state delivered

segment 1  delivered  carrier id 1f
`,
  );
});

test('shows the text only when asked', async t => {
  const {url} = await openManagement(t);
  const {out} = await run(['messages', 'm-1', '--text', '--url', url]);
  t.true(out.includes('text     a text nobody asked for\n'));
});

test('lets no word of a carrier move the cursor', async t => {
  const reason = {code: 'GeneralError' as const, message: 'bad\u001b[2J\nword'};
  const {url} = await openManagement(t, {messages: [{...record, state: 'failed', reason}]});
  const {out} = await run(['messages', 'm-1', '--url', url]);
  t.true(out.includes('reason   GeneralError: bad?[2J↵word\n'));
});

test('prints JSON when asked', async t => {
  const {url} = await openManagement(t);
  const {out} = await run(['messages', 'm-1', '--json', '--url', url]);
  t.is(JSON.parse(out).messageId, 'm-1');
});

test('tells that nothing fits', async t => {
  const {url} = await openManagement(t, {messages: []});
  t.is((await run(['messages', '--url', url])).out, 'No message fits.\n');
});

test('tells that there is no such message, with its id', async t => {
  const {url} = await openManagement(t);
  const {code, err} = await run(['messages', 'm-9', '--url', url]);
  t.is(code, 1);
  t.regex(err, /^There is no message m-9:/);
});

test('lists dead letters and how to go on', async t => {
  const letter = {...deadLetter, reason: 'unreadable', channel: '1', detail: 'no recipient'};
  const {url, calls} = await openManagement(t, {deadLetters: [letter]});
  const {out} = await run(['messages', '--dead-letters', '--reason', 'unreadable', '--url', url]);
  t.deepEqual(calls, [['deadLetters', {reason: 'unreadable', limit: 50}]]);
  t.regex(
    out,
    /\n2023-11-14 22:13:20\.000Z {2}unreadable {2}acme +1 +m-2 +no recipient\n\nThere are more: --before more\n$/,
  );
});
