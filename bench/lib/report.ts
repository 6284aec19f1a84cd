import {mkdirSync, writeFileSync} from 'node:fs';

export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (place: number) => sorted[Math.min(sorted.length - 1, Math.floor(place))] ?? Number.NaN;
  return {median: at(sorted.length / 2), least: at(0), most: at(sorted.length - 1)};
}

export function toPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The most in any sliding second of these times (ms, in order). */
export function toMostInSecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  times.forEach((at, index) => {
    while ((times[from] ?? at) <= at - 1000) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

/** `8,300 (7,900–8,600)` */
export function formatSpread({median, least, most}: Spread, digits = 0): string {
  return `${format(median, digits)} (${format(least, digits)}–${format(most, digits)})`;
}

/** The same of one number each round. */
export function formatRounds(values: readonly number[], digits = 0): string {
  return values.length === 0 ? '' : formatSpread(toSpread(values), digits);
}

/** Round by round: what moves both moves the ratio little. */
export function toRatios(values: readonly number[], to: readonly number[]): number[] {
  return values.map((value, index) => value / (to[index] ?? Number.NaN));
}

/** Rows as an aligned table on the terminal. */
export function printTable(rows: ReadonlyArray<readonly string[]>): void {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Beside the table: `bench/results/<name>.json`. */
export function writeResult(name: string, result: object): void {
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, {recursive: true});
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}

/** One line that is written over, on a terminal; else a line each. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

function format(value: number, digits: number): string {
  return value.toLocaleString('en', {maximumFractionDigits: digits, minimumFractionDigits: digits});
}
