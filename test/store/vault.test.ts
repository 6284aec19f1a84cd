import {randomBytes} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {createVault, noSecrecy} from '../../src/store/vault.ts';

const one = {id: 'k1', key: randomBytes(32).toString('base64')};
const two = {id: 'k2', key: randomBytes(32).toString('base64')};
const phoneKeys = ['the first of the phone keys', 'the second one'];

test('whatever is sealed opens again, for its owner alone', t => {
  const vault = createVault({keys: [one], seals: true, phoneKeys: []});
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.string(), (text, of) => {
      const sealed = vault.seal(text, of);
      t.is(vault.open(sealed, of), text.toWellFormed());
      t.throws(() => vault.open(sealed, `${of}x`));
    }),
  );
});

test('one text sealed many times never looks the same', t => {
  const vault = createVault({keys: [one], seals: true, phoneKeys: []});
  const sealed = Array.from({length: 3000}, () => vault.seal('the same', 'm body'));
  t.is(new Set(sealed.map(value => value.slice(0, 'sealed:1:k1:'.length + 16))).size, 3000);
});

test('a value that was changed, cut or sealed by an unknown key does not open', t => {
  const vault = createVault({keys: [one], seals: true, phoneKeys: []});
  const sealed = vault.seal('a text', 'm body');
  const middle = Math.floor(sealed.length / 2);
  const changed = `${sealed.slice(0, middle)}${sealed[middle] === 'A' ? 'B' : 'A'}${sealed.slice(middle + 1)}`;
  t.throws(() => vault.open(changed, 'm body'));
  t.throws(() => vault.open(sealed.slice(0, 30), 'm body'));
  const other = createVault({keys: [two], seals: true, phoneKeys: []});
  t.false(other.opens(sealed));
  t.throws(() => other.open(sealed, 'm body'), {message: /the key k1, which encryption\.keys does not name/});
});

test('the first key seals and all open; without one texts stay as they are', t => {
  const before = createVault({keys: [one], seals: true, phoneKeys: []});
  const after = createVault({keys: [two, one], seals: true, phoneKeys: []});
  const sealed = before.seal('a text', 'm body');
  t.is(after.open(sealed, 'm body'), 'a text');
  t.false(after.isCurrent(sealed));
  t.true(after.isCurrent(after.seal('a text', 'm body')));
  const off = createVault(noSecrecy);
  t.is(off.seal('a text', 'm body'), 'a text');
  t.is(off.open('a text', 'm body'), 'a text');
  t.true(off.isCurrent('a text'));
});

test('a forgotten phone has one name a key, and the same one always', t => {
  const vault = createVault({keys: [], seals: false, phoneKeys});
  const names = vault.namesOf('+14155550123');
  t.is(names.length, 2);
  t.deepEqual(createVault({keys: [], seals: false, phoneKeys}).namesOf('+14155550123'), names);
  t.notDeepEqual(vault.namesOf('+14155550124'), names);
  t.deepEqual(createVault(noSecrecy).namesOf('+14155550123'), []);
});
