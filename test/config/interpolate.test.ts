// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file refers to a variable
import {dirname, join} from 'node:path';
import test from 'ava';
import {goodFile, load, writeFiles} from '../helpers/config-file.ts';

const withSecret = (text: string) => goodFile.replace('webhook-secret', () => text);

test('takes environment variables whatever they hold', t => {
  const hostile = 'a: "b" # {c}\n- ${D} $1 $& \\ \'x\'';
  const {config} = load(t, withSecret('${HOOK}'), {HOOK: hostile});
  t.deepEqual(config?.channels[0]?.webhookSecrets, [hostile]);
});

test('takes several references within one text, and a doubled dollar for the characters', t => {
  const {config} = load(t, withSecret('x-${A}-${B}-$${A}'), {A: 'first', B: 'second'});
  t.deepEqual(config?.channels[0]?.webhookSecrets, ['x-first-second-${A}']);
});

test('takes a file without the line break at its end', t => {
  const folder = dirname(writeFiles(t, {hook: ' file-secret \r\n'}));
  const {config} = load(t, withSecret(`"\${file:${join(folder, 'hook')}}"`));
  t.deepEqual(config?.channels[0]?.webhookSecrets, [' file-secret ']);
});

const refuses = test.macro({
  exec(t, text: string, env: Record<string, string>, expected: RegExp) {
    const {mistakes} = load(t, withSecret(text), env);
    t.is(mistakes.length, 1);
    t.regex(mistakes[0] ?? '', expected);
  },
  title: title => `refuses ${title}`,
});

test(
  'a variable that is not set',
  refuses,
  '${HOOK}',
  {},
  /^channels\[0\]\.webhookSecret: needs the environment variable HOOK, which is not set/,
);
test(
  'a variable that is empty',
  refuses,
  '${HOOK}',
  {HOOK: ' '},
  /needs the environment variable HOOK, which is empty/,
);
test(
  'a file that is absent',
  refuses,
  '"${file:/nowhere/hook}"',
  {},
  /needs the file \/nowhere\/hook, which can't be read \(ENOENT\)/,
);
test('a reference that names nothing', refuses, '"${}"', {}, /names no variable/);
test('a shell default, which is not known here', refuses, '"${HOOK:-x}"', {HOOK: 'y'}, /names no variable/);

test('refuses an empty file', t => {
  const path = writeFiles(t, {hook: '\n'});
  t.regex(load(t, withSecret(`"\${file:${path}}"`)).mistakes.join(), /needs the file .*hook, which is empty/);
});

test('takes numbers and truth values from variables where they are wanted', t => {
  const text =
    goodFile.replace('loft: attic', 'loft: "${LOFT}", port: "${PORT}", tls: false') +
    'management: {metricsOpen: "${OPEN}"}\n';
  const {config, mistakes} = load(t, text, {LOFT: '12', PORT: '2776', OPEN: 'true'});
  t.deepEqual(mistakes, []);
  t.deepEqual(config?.carriers.get('north')?.options, {loft: '12', port: 2776, password: '', tls: false});
  t.true(config?.management.metricsOpen);
});

test('takes no number from a text in quotes that is no reference', t => {
  t.deepEqual(load(t, goodFile.replace('loft: attic', 'loft: attic, port: "2776"')).mistakes, [
    'carriers.north.port: must be a number.',
  ]);
});

test('tells of a variable that is no number where one is wanted', t => {
  const {mistakes} = load(t, goodFile.replace('loft: attic', 'loft: attic, port: "${PORT}"'), {PORT: 'many'});
  t.deepEqual(mistakes, ['carriers.north.port: must be a number.']);
});

test('tells once of a setting whose variable is not set', t => {
  const {mistakes} = load(t, goodFile.replace('loft: attic', 'loft: attic, port: "${PORT}"'));
  t.deepEqual(mistakes, ['carriers.north.port: needs the environment variable PORT, which is not set: set it.']);
});
