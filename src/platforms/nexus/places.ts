/**
 * Where a value may stand in a message whose format is not published: `channel.to.id`, `content[].text.body`.
 * A place is read, never trusted: wrong types yield nothing, and nothing in here throws.
 */
export type Place = readonly string[];

const maxValues = 100;

export function toPlace(path: string): Place {
  return path.replaceAll('[]', '.[]').split('.');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: `constructor` and its kind are no data. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Everything at a place, in order. `[]` also passes a lone object, as if it were a list of one. */
export function valuesAt(value: unknown, place: Place): unknown[] {
  if (!place.includes('[]')) return valueAt(value, place);
  let found: unknown[] = [value];
  for (const step of place) {
    found = step === '[]' ? found.flatMap(list => toList(list)) : found.map(object => member(object, step));
    found = found.filter(one => one !== undefined && one !== null).slice(0, maxValues);
    if (found.length === 0) break;
  }
  return found;
}

/** The same without lists, which most places are: nothing is made on the way. */
function valueAt(value: unknown, place: Place): unknown[] {
  let found = value;
  for (const step of place) found = member(found, step);
  return found === undefined || found === null ? [] : [found];
}

/** A string or a number, as text; a blank one is none. */
export function toWords(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The words at a place, blank ones left out. */
export function wordsAt(value: unknown, place: Place): string[] {
  const found = valuesAt(value, place);
  return found.length === 0 ? [] : found.map(toWords).filter(words => words !== undefined);
}

/** The words at the first of `places` that has any. */
export function firstWords(value: unknown, places: readonly Place[]): string[] {
  for (const place of places) {
    const words = wordsAt(value, place);
    if (words.length > 0) return words;
  }
  return [];
}

export function toList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.slice(0, maxValues);
  return isObject(value) ? [value] : [];
}
