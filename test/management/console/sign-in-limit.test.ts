import test from 'ava';
import {createSignInLimit} from '../../../src/management/console/sign-in-limit.ts';
import {visit} from '../../helpers/console-visitor.ts';
import {openManagement, operatorToken} from '../../helpers/management-port.ts';

const most = 10;
const minuteMs = 60_000;

function start() {
  let time = 1_000_000;
  const limit = createSignInLimit(() => time);
  const fail = (address: string, times: number) => Array.from({length: times}, () => limit.failed(address));
  return {
    ...limit,
    fail,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test('ten wrong tokens within a minute close the door until the minute is over', t => {
  const {fail, waitMs, pass} = start();
  t.deepEqual(fail('192.0.2.1', most - 1).includes(true), false);
  t.is(waitMs('192.0.2.1'), 0);
  pass(10_000);
  t.deepEqual(fail('192.0.2.1', 1), [true], 'told once');
  t.is(waitMs('192.0.2.1'), minuteMs - 10_000);
  pass(minuteMs - 10_000);
  t.is(waitMs('192.0.2.1'), 0);
});

test('wrong tokens of other addresses count for themselves', t => {
  const {fail, waitMs} = start();
  fail('192.0.2.1', most);
  t.is(waitMs('192.0.2.2'), 0);
});

const together = test.macro({
  exec(t, one: string, other: string, isOne: boolean) {
    const {fail, waitMs} = start();
    fail(one, most);
    t.is(waitMs(other) > 0, isOne);
  },
  title: (_, one: string, other: string, isOne: boolean) => `${one} and ${other} are ${isOne ? 'one' : 'two'}`,
});

test(together, '2001:db8:1:2::1', '2001:db8:1:2:a:b:c:d', true);
test(together, '2001:db8:1:2::1', '2001:db8:1:3::1', false);
test(together, '2001:db8::1', '2001:db8::2', true);
test(together, '2001:db8::1', '2001:db8:0:1::1', false);
test(together, '::1', '::2', true);
test(together, '::ffff:192.0.2.1', '192.0.2.1', true);
test(together, '::ffff:192.0.2.1', '192.0.2.2', false);

test('however many addresses try, memory is bounded: the first are forgotten', t => {
  const {fail, waitMs} = start();
  fail('192.0.2.1', most);
  for (let index = 0; index < 10_000; index += 1) fail(`10.0.${index >> 8}.${index & 255}`, 1);
  t.is(waitMs('192.0.2.1'), 0);
});

test('the console tells who tries tokens out to wait, also with the right one', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer, '');
  for (let tries = 0; tries < most; tries += 1)
    t.is((await visitor.post('/console/sign-in', {token: `wrong ${tries}`})).status, 401);
  const {status, headers, text} = await visitor.post('/console/sign-in', {token: operatorToken});
  t.is(status, 429);
  t.regex(headers.get('retry-after') ?? '', /^\d+$/);
  t.regex(text, /Too many wrong tokens came from your address: wait \d+ seconds/);
  t.is(visitor.cookie(), '');
  const events = peer.lines.filter(({event}) => event === 'console.sign_in_limited');
  t.is(events.length, 1);
});
