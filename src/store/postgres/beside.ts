import type {Db, Work} from '../work.ts';
import {type Abreast, abreast} from './abreast.ts';

/** One operation for each of these, all beside each other; their results, in the same order. */
export function* beside<Item, Result>(
  db: Db,
  items: readonly Item[],
  toWork: (db: Db, item: Item) => Work<Result>,
): Work<Result[]> {
  if (items.length === 0) return [];
  const runs = items.map(item => {
    const held = new Set<string>();
    return {work: toWork({...db, held}, item), held};
  });
  const query: Abreast = {sql: abreast, values: [], runs};
  return (yield query).rows as Result[];
}
