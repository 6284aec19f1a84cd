/**
 * Where a value may stand in a message whose format is not published: `channel.to.id`, `content[].text.body`.
 * A place is read, never trusted: wrong types yield nothing, and nothing in here throws.
 */
export type Place = readonly string[];

/** Where a file's address may stand: what tells of the file, and the address' name in it; without one the address stands alone. */
export interface FilePlace {
  holder: Place;
  name?: string;
}

const maxValues = 100;

export function toPlace(path: string): Place {
  return path.replaceAll('[]', '.[]').split('.').map(toName);
}

/** As objects have it: by another string of the same letters V8 looks for this one first, each time. */
function toName(step: string): string {
  const [name = step] = Object.keys({[step]: step});
  return name;
}

export function toFilePlace(place: Place): FilePlace {
  const name = place.at(-1) ?? '';
  return name === '[]' ? {holder: place} : {holder: place.slice(0, -1), name};
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: `constructor` and its kind are no data. */
export function member(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const found = value[name];
  return found !== undefined && Object.hasOwn(value, name) ? found : undefined;
}

/** Everything at a place, in order. `[]` also passes a lone object, as if it were a list of one. */
export function valuesAt(value: unknown, place: Place): unknown[] {
  const listAt = place.indexOf('[]');
  const single = valueBefore(value, place, listAt < 0 ? place.length : listAt);
  if (listAt < 0) return isThere(single) ? [single] : [];
  let found = [single];
  for (let index = listAt; index < place.length && found.length > 0; index += 1) {
    const step = place[index] ?? '';
    found = step === '[]' ? found.flatMap(toList) : found.map(object => member(object, step));
    if (found.length > 0) found = found.filter(isThere).slice(0, maxValues);
  }
  return found;
}

/** Most places have no list, and most lists are empty: nothing is made on the way to them. */
function valueBefore(value: unknown, place: Place, end: number): unknown {
  let found = value;
  for (let index = 0; index < end; index += 1) found = member(found, place[index] ?? '');
  return found;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A string or a number, as text; a blank one is none. */
export function toWords(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The words at a place, blank ones left out. */
export function wordsAt(value: unknown, place: Place): string[] {
  const said: string[] = [];
  for (const found of valuesAt(value, place)) {
    const words = toWords(found);
    if (words !== undefined) said.push(words);
  }
  return said;
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
