/** Times as people and other systems write them. */

/** What is smaller was meant as seconds: in milliseconds it would be before March 1973. */
const earliestMs = 100_000_000_000;

/**
 * `2026-11-20`, `2026-11-20T22:10`, `2026-11-20T22:10:00.123Z`, `2026-11-20T22:10:00+01:00` to Unix ms; without an offset it is UTC, wherever it is read.
 * Undefined when it is none of these, or a day no calendar has: a time that is guessed chooses other texts than were meant.
 */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', clock = '00:00', offset = 'Z'] = match;
  const midnight = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  const at = Date.parse(`${day}T${clock}${offset}`);
  return at >= 0 ? at : undefined;
}

/** As `parseTime`; a number, or digits alone, are Unix ms. */
export function readTime(given: number | string): number | undefined {
  if (typeof given === 'string' && !/^\d+$/.test(given)) return parseTime(given);
  const at = Number(given);
  return Number.isSafeInteger(at) && at >= earliestMs ? at : undefined;
}
