import {readFileSync, statSync} from 'node:fs';
import type {Document} from './document.ts';
import {formatPath, type Mistake, type Path} from './mistakes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$(\$?)\{([^}]*)\}/g;
const variableName = /^[A-Za-z_]\w*$/;
const maxFileBytes = 65_536;

/**
 * Replaces `${NAME}` and `${file:/run/secrets/x}` in every text of a document; `$${` stands for `${`. It happens after the YAML was parsed:
 * a secret may hold any character. The line break at a file's end is dropped. What is absent or empty is a mistake.
 */
export function interpolate(document: Document, env: Environment, mistakes: Mistake[]): Document {
  const references = new Set<string>();
  const replace = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return replaceText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => replace(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, [...path, key])]));
  };
  const replaceText = (text: string, path: Path): string =>
    text.replace(reference, (whole, escaped: string, name: string) => {
      if (escaped !== '') return whole.slice(1);
      const found = name.startsWith('file:') ? readSecretFile(name.slice('file:'.length)) : readVariable(name, env);
      if (whole === text) references.add(formatPath(path));
      if ('value' in found) return found.value;
      mistakes.push(document.mistake(path, found.message));
      return whole;
    });
  return {...document, value: replace(document.value, []), references};
}

type Found = {value: string} | {message: string};

function readVariable(name: string, env: Environment): Found {
  if (!variableName.test(name)) {
    return {
      message:
        'holds a reference that names no variable: write a variable or `file:` and a path between the braces, or a second dollar sign before it for the characters themselves.',
    };
  }
  const value = env[name];
  if (value === undefined) return {message: `needs the environment variable ${name}, which is not set: set it.`};
  if (value.trim() === '') return {message: `needs the environment variable ${name}, which is empty: give it a value.`};
  return {value};
}

function readSecretFile(path: string): Found {
  try {
    if (statSync(path).size > maxFileBytes)
      return {message: `needs the file ${path}, which is over 64 KiB: name the right one.`};
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (value.trim() === '') return {message: `needs the file ${path}, which is empty: write the value into it.`};
    return {value};
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return {message: `needs the file ${path}, which can't be read (${why}): check the path and its rights.`};
  }
}
