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

/** `8,300 (7,900–8,600)` */
export function formatSpread({median, least, most}: Spread, digits = 0): string {
  const format = (value: number) =>
    value.toLocaleString('en', {maximumFractionDigits: digits, minimumFractionDigits: digits});
  return `${format(median)} (${format(least)}–${format(most)})`;
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
  else process.stderr.write(`${text}\n`);
}
