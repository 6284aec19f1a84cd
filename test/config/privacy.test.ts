import test from 'ava';
import {load} from '../helpers/config-file.ts';

const base64 = Buffer.alloc(32, 1).toString('base64');
const hex = Buffer.alloc(32, 1).toString('hex');

test('keys are read in base64 and in hex as the same bytes; the first seals', t => {
  const {config, mistakes} = load(t, `encryption: {keys: [{id: new, key: "${base64}"}, {id: old, key: "${hex}"}]}`);
  t.deepEqual(mistakes, []);
  t.like(config?.secrecy, {seals: true, phoneKeys: []});
  t.deepEqual(config?.secrecy.keys, [
    {id: 'new', key: base64},
    {id: 'old', key: base64},
  ]);
});

test('nothing is sealed without a key, nor when write says no', t => {
  t.like(load(t, 'stopDelay: 5s').config?.secrecy, {seals: false, keys: [], phoneKeys: []});
  const off = load(t, `encryption: {write: false, keys: [{id: k1, key: "${base64}"}]}`);
  t.like(off.config?.secrecy, {seals: false, keys: [{id: 'k1'}]});
  const {config} = load(t, 'privacy: {phoneKeys: a-secret-of-some-length}');
  t.deepEqual(config?.secrecy.phoneKeys, ['a-secret-of-some-length']);
});

const refuses = test.macro({
  exec(t, lines: string, sentence: RegExp) {
    const {mistakes} = load(t, lines);
    t.is(mistakes.length, 1);
    t.regex(mistakes[0] ?? '', sentence);
    t.false(mistakes.join().includes('not-so-secret'));
  },
  title: (_, lines: string) => `refuses ${lines.slice(0, 70)}`,
});

test(
  refuses,
  'encryption: {keys: [{id: k1, key: not-so-secret}]}',
  /keys\[0\]\.key: must be 32 bytes in base64 or hex/,
);
test(refuses, `encryption: {keys: [{id: "a key", key: "${base64}"}]}`, /keys\[0\]\.id: must be a name/);
test(
  refuses,
  `encryption: {keys: [{id: k1, key: "${base64}"}, {id: k1, key: "${hex}"}]}`,
  /keys\[1\]\.id: is there twice/,
);
test(refuses, 'privacy: {phoneKeys: not-so-secret}', /phoneKeys: must be at least 16 characters/);
