import {createHmac} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {toMac} from '../../../src/platforms/nexus/mac.ts';

const ascending = String.fromCharCode(...Array.from({length: 25}, (_, index) => index + 1));

const makes = test.macro({
  exec(t, algorithm: 'sha1' | 'sha256', secret: string, bytes: Uint8Array, hex: string) {
    t.is(toMac(algorithm, secret, bytes).toString('hex'), hex);
  },
  title: (title = '', algorithm) => `makes the digest of ${title} with ${algorithm}`,
});

const hiThere = [String.fromCharCode(0x0b).repeat(20), Buffer.from('Hi There')] as const;
const jefe = ['Jefe', Buffer.from('what do ya want for nothing?')] as const;
const fifty = [ascending, Buffer.alloc(50, 0xcd)] as const;

test('RFC 2202 3, case 1', makes, 'sha1', ...hiThere, 'b617318655057264e28bc0b6fb378c8ef146be00');
test('RFC 2202 3, case 2', makes, 'sha1', ...jefe, 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
test('RFC 2202 3, case 4', makes, 'sha1', ...fifty, '4c9007f4026250c6bc8414f9bf50c86c2d7235da');
test('RFC 4231 4.2', makes, 'sha256', ...hiThere, 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7');
test('RFC 4231 4.3', makes, 'sha256', ...jefe, '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
test('RFC 4231 4.5', makes, 'sha256', ...fifty, '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b');

test('makes the digests that OpenSSL makes, for secrets and bytes of any length', t => {
  const secret = fc.string({unit: 'grapheme', maxLength: 150});
  const bytes = fc.uint8Array({maxLength: 5000});
  fc.assert(
    fc.property(fc.constantFrom('sha1', 'sha256'), secret, bytes, (algorithm, key, message) => {
      t.deepEqual(toMac(algorithm, key, message), createHmac(algorithm, key).update(message).digest());
    }),
  );
});

test('makes the digests of secrets around the length of a block', t => {
  for (const length of [0, 63, 64, 65, 128]) {
    const secret = 'k'.repeat(length);
    t.deepEqual(toMac('sha1', secret, jefe[1]), createHmac('sha1', secret).update(jefe[1]).digest());
  }
});

test('makes the digests of more bytes than it keeps room for, and of few after them', t => {
  for (const length of [65_536, 65_537, 200_000, 3]) {
    const bytes = Buffer.alloc(length, 'xyz');
    t.deepEqual(toMac('sha256', 'key', bytes), createHmac('sha256', 'key').update(bytes).digest());
  }
});

test('what was signed under a long secret says nothing of the next under a short one', t => {
  toMac('sha1', 'k'.repeat(64), jefe[1]);
  t.deepEqual(toMac('sha1', 'k', jefe[1]), createHmac('sha1', 'k').update(jefe[1]).digest());
});
