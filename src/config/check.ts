import {z} from 'zod';
import type {Part} from './document.ts';
import type {Mistake, Path} from './mistakes.ts';
import {suggest} from './nearest.ts';
import {readReferences} from './references.ts';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

const things: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of settings',
  record: 'a block of named settings',
};

/** Parses one part of a document; each of its mistakes goes to `mistakes` with its place. */
export function check<T>(schema: z.ZodType<T>, part: Part, mistakes: Mistake[]): T | undefined {
  const first = schema.safeParse(part.value, {error: toSentence});
  if (first.success) return first.data;
  const reread = readReferences(part, first.error.issues);
  const parsed = reread === undefined ? first : schema.safeParse(reread, {error: toSentence});
  if (parsed.success) return parsed.data;
  for (const found of parsed.error.issues.flatMap(issue => spread(issue, []))) {
    mistakes.push(part.document.mistake([...part.path, ...found.path], found.message));
  }
  return undefined;
}

interface Found {
  path: Path;
  message: string;
}

/** One issue of zod as one mistake a setting: each unknown key by itself, of a union the branch that was meant. */
function spread(issue: Issue, base: Path): Found[] {
  const path = [...base, ...issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const sentences = issue.message.split('\n');
    return issue.keys.map((key, index) => ({path: [...path, key], message: sentences[index] ?? issue.message}));
  }
  if (issue.code === 'invalid_key') return [{path, message: issue.issues[0]?.message ?? issue.message}];
  if (issue.code !== 'invalid_union') return [{path, message: issue.message}];
  const meant = issue.errors.find(branch => !branch.some(inner => inner.path.length === 0 && isOtherType(inner)));
  if (meant !== undefined && meant.length > 0) return meant.flatMap(inner => spread(inner, path));
  return [{path, message: toUnionSentence(issue.errors.flat().map(inner => inner.message))}];
}

function toUnionSentence(messages: string[]): string {
  const precise = messages.find(message => message.includes('in quotes'));
  const wanted = messages.map(message => message.replace(/^must be |[:.].*$/g, ''));
  const missing = messages.every(message => message.endsWith(': it is missing.'));
  return precise ?? `must be ${[...new Set(wanted)].join(' or ')}${missing ? ': it is missing' : ''}.`;
}

function isOtherType(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** Never the value itself: it could be a secret. */
function toSentence(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return toTypeSentence(issue.expected, issue.input);
    case 'unrecognized_keys':
      return issue.keys.map(key => `is not a setting: ${suggest(key, knownKeys(issue.inst))}`).join('\n');
    case 'invalid_value':
      return `must be ${issue.values.map(value => `\`${String(value)}\``).join(' or ')}.`;
    case 'too_small':
      return `must be at least ${issue.minimum}${toUnit(issue.origin)}.`;
    case 'too_big':
      return `must be at most ${issue.maximum}${toUnit(issue.origin)}.`;
    case 'invalid_format':
      return `must have the form of ${issue.format === 'regex' ? issue.pattern : issue.format}.`;
    default:
      return undefined;
  }
}

function toTypeSentence(expected: string, input: unknown): string {
  const thing = things[expected] ?? expected;
  if (input === undefined || input === null) return `must be ${thing}: it is missing.`;
  if (expected === 'string' && typeof input === 'number') {
    return 'must be text: put it in quotes, or YAML reads it as a number and drops a plus or a leading zero.';
  }
  return `must be ${thing}.`;
}

function toUnit(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
