import {readFileSync} from 'node:fs';
import {isNode, LineCounter, parseDocument} from 'yaml';
import {formatPath, type Mistake, type Path} from './mistakes.ts';

/** A file of a few lines must not become gigabytes. */
const maxAliasCount = 100;

/** One YAML file, read; it knows on which line a setting stands. */
export interface Document {
  file: string;
  value: unknown;
  /** Paths of values that were one whole reference: text, wherever they came from. */
  references: ReadonlySet<string>;
  mistake(path: Path, message: string): Mistake;
}

/** A piece of a document that is checked by itself. */
export interface Part {
  document: Document;
  path: Path;
  value: unknown;
}

/** Reads one YAML file (1.2, so `no` is text). What can't be read is told in `mistakes`. */
export function readDocument(file: string, mistakes: Mistake[]): Document | undefined {
  const text = readText(file, mistakes);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const yaml = parseDocument(text, {lineCounter: lines, prettyErrors: false, stringKeys: true});
  for (const error of [...yaml.errors, ...yaml.warnings]) {
    const line = lines.linePos(error.pos[0]).line;
    mistakes.push({file, line, path: '', message: `is not valid YAML here: ${toSentence(error.code)}.`});
  }
  if (yaml.errors.length > 0) return undefined;
  const lineOf = (path: Path): number | undefined => {
    const node = yaml.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    return path.length > 1 ? lineOf(path.slice(0, -1)) : undefined;
  };
  const mistake = (path: Path, message: string) => ({file, line: lineOf(path), path: formatPath(path), message});
  try {
    return {file, value: yaml.toJS({maxAliasCount}), references: new Set(), mistake};
  } catch {
    mistakes.push(mistake([], 'repeats its own parts by aliases too often: write them out.'));
    return undefined;
  }
}

export function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(file: string, mistakes: Mistake[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    mistakes.push({file, line: undefined, path: '', message: `can't be read (${why}): check the path and its rights.`});
    return undefined;
  }
}

/** The parser's own words quote the file, secrets included: only its code is told. */
function toSentence(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
