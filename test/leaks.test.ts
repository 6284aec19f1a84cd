import test from 'ava';
import {createLeakWatch, refuseLeaks} from './helpers/leaks.ts';

const file = `
management: {tokens: [{name: ops, role: operator, token: a-token-of-ours}]}
encryption: {keys: [{id: k1, key: "c2l4dHktZm91ciBjaGFyYWN0ZXJz"}]}
channels:
  - address: "+16504661149"
    webhookSecret: the-webhook-secret
    apiSecret: ["the-api-secret", other]
`;

function scan(line: string): readonly string[] {
  const watch = createLeakWatch();
  watch.knowFile(file);
  watch.knowText('a text of some length');
  watch.scan('the log', line);
  return watch.leaks;
}

const finds = test.macro({
  exec(t, line: string, what: string) {
    const [leak = '', ...more] = scan(line);
    t.true(leak.startsWith(`${what} in the log`));
    t.deepEqual(more, []);
  },
  title: (_, line: string) => `is found: ${line}`,
});

test(finds, '{"why":"wrong token a-token-of-ours"}', 'a secret');
test(finds, '{"why":"the-webhook-secret"}', 'a secret');
test(finds, '{"why":"the-api-secret"}', 'a secret');
test(finds, '{"key":"c2l4dHktZm91ciBjaGFyYWN0ZXJz"}', 'a secret');
test(finds, '{"x":"so: a text of some length."}', 'a text');
test(finds, '{"why":"no route to +4915112345678"}', 'a phone');
test(finds, '{"why":"no route to 14155550123"}', 'a phone');

const passes = test.macro({
  exec(t, line: string) {
    t.deepEqual(scan(line), []);
  },
  title: (_, line: string) => `is no leak: ${line}`,
});

test(passes, '{"phone":"+1415555****","to":"1415555****"}');
test(passes, '{"channel":"16504661149","from":"+16504661149"}');
test(passes, '{"traceId":"ab14155550123456789cdef","time":"2026-11-20T23:05:00Z"}');

test('the end of a test refuses what was found', t => {
  const watch = createLeakWatch();
  t.notThrows(() => refuseLeaks(watch));
  watch.scan('the metrics', 'to +4915112345678');
  t.throws(() => refuseLeaks(watch), {message: /a phone in the metrics/});
});
