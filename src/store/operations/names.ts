import {consentOf, outOfLists} from '../sql-consent.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import type {ConsentRow} from './consent.ts';

/** Words about consent, found under a phone's number and, where it was forgotten, under what it is called since. */

export function namesOf({vault}: Db, phone: string): string[] {
  return [phone, ...vault.namesOf(phone)];
}

export function* outListsOf(db: Db, phone: string): Work<string[]> {
  const lists = yield* rows<{list: string}>(outOfLists, phone);
  return [...lists.map(({list}) => list), ...(yield* hashedListsOf(db, phone))];
}

/** Those it is on since before it was forgotten. */
export function* hashedListsOf({vault}: Db, phone: string): Work<string[]> {
  const lists: string[] = [];
  for (const name of vault.namesOf(phone)) {
    for (const {list} of yield* rows<{list: string}>(outOfLists, name)) lists.push(list);
  }
  return lists;
}

/** Its last word on this list. */
export function* lastWord(db: Db, list: string, phone: string): Work<ConsentRow | undefined> {
  for (const name of namesOf(db, phone)) {
    const found = yield* row<ConsentRow>(consentOf, list, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
