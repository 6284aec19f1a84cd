import {toPrintable} from '../core/printable.ts';

/** Rows as aligned columns, two blanks between them, nothing at the end of a line; carriers' words and texts come here too. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const clean = rows.map(row => row.map(toPrintable));
  const widths = clean.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return clean
    .map(
      row =>
        `${row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `2026-11-20 23:05:08.123Z` */
export function toTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ');
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
