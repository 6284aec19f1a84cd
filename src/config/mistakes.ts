export type Path = readonly (string | number)[];

/** What is wrong with one setting, and where it stands. */
export interface Mistake {
  file: string;
  /** From 1; undefined when the setting is absent. */
  line: number | undefined;
  /** As in the file: `channels[0].carriers[1].carrier`. Empty for the file as a whole. */
  path: string;
  /** A sentence that tells what to do. Never a value from the file: it could be a secret. */
  message: string;
}

/** The configuration can't be used; every mistake in it is told at once. Exit code 78 (EX_CONFIG). */
export class ConfigError extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(found: readonly Mistake[]) {
    const mistakes = inReadingOrder(found);
    super(mistakes.map(formatMistake).join('\n'));
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

/** Of one setting only the first mistake, which explains the others; a file's from top to bottom. */
function inReadingOrder(found: readonly Mistake[]): Mistake[] {
  const first = found.filter(({file, line, path}, index) => {
    return (
      path === '' ||
      found.findIndex(other => other.file === file && other.path === path && other.line === line) === index
    );
  });
  const files = [...new Set(first.map(({file}) => file))];
  return first.sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0));
}

/** `gateway.yaml:14 channels[0].id: must be text.` */
export function formatMistake({file, line, path, message}: Mistake): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}

export function formatPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
