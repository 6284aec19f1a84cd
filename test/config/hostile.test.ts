import {writeFileSync} from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import {parse, stringify} from 'yaml';
import {ConfigError, loadConfig} from '../../src/config.ts';
import {goodFile, writeFiles} from '../helpers/config-file.ts';
import {partyTypes} from '../helpers/party-types.ts';

/** Anything but a configuration or a `ConfigError` is a fault of ours. */
function mistakesOf(path: string): readonly {path: string; message: string}[] {
  try {
    loadConfig({path, env: {}, ...partyTypes});
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

test('any document gives a configuration or mistakes, never a fault', t => {
  const path = writeFiles(t, {'gateway.yaml': ''});
  const property = fc.property(fc.jsonValue(), value => {
    writeFileSync(path, stringify(value));
    for (const {message} of mistakesOf(path)) t.regex(message, /\S[.?]$/);
  });
  fc.assert(property, {numRuns: 100});
  t.pass();
});

test('any bytes give a configuration or mistakes, never a fault', t => {
  const path = writeFiles(t, {'gateway.yaml': ''});
  const property = fc.property(fc.string({unit: 'binary', maxLength: 60}), text => {
    writeFileSync(path, text);
    mistakesOf(path);
  });
  fc.assert(property, {numRuns: 100});
  t.pass();
});

/** Every place of the good file that a mistake could stand in. */
const places: (string | number)[][] = [
  ['publicUrl'],
  ['platforms'],
  ['platforms', 'acme'],
  ['carriers', 'north', 'loft'],
  ['channels'],
  ['channels', 0],
  ['channels', 0, 'address'],
  ['channels', 0, 'webhookSecret'],
  ['channels', 0, 'carriers'],
  ['channels', 0, 'carriers', 1],
];

test('any value in any place gives a configuration or mistakes that do not quote it', t => {
  const path = writeFiles(t, {'gateway.yaml': ''});
  const marker = 'zq7x';
  const property = fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
    writeFileSync(path, stringify(replaceAt(parse(goodFile), place, JSON.parse(mark(value, marker)))));
    for (const {message} of mistakesOf(path)) t.false(message.includes(marker));
  });
  fc.assert(property, {numRuns: 150});
  t.pass();
});

/** Every text in a value becomes a recognizable one; keys may be quoted, values may not. */
function mark(value: unknown, marker: string): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'string' ? `${marker}${item}` : item));
}

function replaceAt(value: unknown, [step, ...rest]: (string | number)[], replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? replaceAt(item, rest, replacement) : item));
  const block = typeof value === 'object' && value !== null ? value : {};
  return {...block, [step]: replaceAt(Reflect.get(block, step), rest, replacement)};
}
