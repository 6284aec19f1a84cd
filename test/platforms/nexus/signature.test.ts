import {createHmac} from 'node:crypto';
import test from 'ava';
import {findSecret, toSignature, toSignatureFault} from '../../../src/platforms/nexus/signature.ts';

const bytes = Buffer.from('{"messages":[]}');

test('signs with SHA-1 in lower-case hex over the bytes', t => {
  t.is(toSignature(bytes, 'clé'), `sha1=${createHmac('sha1', Buffer.from('clé', 'utf8')).update(bytes).digest('hex')}`);
  t.is(toSignature(Buffer.from('Hi There'), '\u000b'.repeat(20)), 'sha1=b617318655057264e28bc0b6fb378c8ef146be00');
});

const right = toSignature(bytes, 'secret');
const digest = right.slice('sha1='.length);

const finds = test.macro({
  exec(t, header: string, expected: string | undefined, secrets: string[] = ['secret']) {
    t.is(findSecret(header, bytes, secrets), expected);
  },
  title: (title = '') => `takes ${title}`,
});

test('the right signature', finds, right, 'secret');
test('any of several secrets', finds, right, 'secret', ['new', 'secret']);
test('upper-case hex', finds, `sha1=${digest.toUpperCase()}`, 'secret');
test('an upper-case prefix', finds, `SHA1=${digest}`, 'secret');

const refuses = test.macro({
  exec(t, header: string, fault: ReturnType<typeof toSignatureFault>, secrets: string[] = ['secret']) {
    t.is(findSecret(header, bytes, secrets), undefined);
    t.is(toSignatureFault(header), fault);
  },
  title: (title = '') => `refuses ${title}`,
});

test('no signature', refuses, '', 'absent');
test('another secret', refuses, right, 'wrong', ['other']);
test('no secrets at all', refuses, right, 'wrong', []);
test('one wrong digit', refuses, `sha1=${digest.slice(0, -1)}${digest.endsWith('0') ? '1' : '0'}`, 'wrong');
test('a truncated one', refuses, right.slice(0, -1), 'malformed');
test('a longer one', refuses, `${right}0`, 'malformed');
test('one without prefix', refuses, digest, 'malformed');
test('another prefix', refuses, `sha256=${digest}`, 'malformed');
test('digits that are not hex', refuses, `sha1=${'g'.repeat(40)}`, 'malformed');
test('two of them in one header', refuses, `${right}, ${right}`, 'malformed');
test('a second equals sign', refuses, `${right}=`, 'malformed');
test('base64', refuses, `sha1=${createHmac('sha1', 'secret').update(bytes).digest('base64')}`, 'malformed');

test('takes SHA-256 only where it is asked for', t => {
  const sha256 = toSignature(bytes, 'secret', {algorithm: 'sha256', encoding: 'hex'});
  t.is(findSecret(sha256, bytes, ['secret'], {algorithm: 'sha256', encoding: 'hex'}), 'secret');
  t.is(findSecret(sha256, bytes, ['secret']), undefined);
});
