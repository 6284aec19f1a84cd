import type {z} from 'zod';
import {isBlock, type Part} from './document.ts';
import {formatPath, type Path} from './mistakes.ts';

/**
 * A reference yields text (`port: ${PORT}`). Where a number or a truth value is wanted and its text is one, it is read as such;
 * secrets that happen to be digits stay text. The value with those places replaced, or undefined when there are none.
 */
export function readReferences(part: Part, issues: readonly z.core.$ZodIssue[]): unknown {
  let value = part.value;
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue;
    const path = issue.path.filter(step => typeof step !== 'symbol');
    if (!part.document.references.has(formatPath([...part.path, ...path]))) continue;
    value = replaceAt(value, path, text => toWanted(issue.expected, text));
  }
  return value === part.value ? undefined : value;
}

function toWanted(expected: string, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  if (expected === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return /^(number|int)$/.test(expected) && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function replaceAt(value: unknown, [step, ...rest]: Path, replace: (value: unknown) => unknown): unknown {
  if (step === undefined) return replace(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaceAt(item, rest, replace) : item));
  if (!isBlock(value)) return value;
  return {...value, [step]: replaceAt(value[step], rest, replace)};
}
