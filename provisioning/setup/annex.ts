import {z} from 'zod';
import type {Section} from './sections.ts';
import {type Change, mask} from './target.ts';

const option = z.looseObject({section: z.string(), key: z.string(), value: z.string()});

/** A transaction as Genesys Administrator Extension has it: the options are `userproperties`. */
export const transaction = z.looseObject({
  dbid: z.coerce.string(),
  userproperties: z.looseObject({property: z.array(option).default([])}).prefault({}),
});

export type Transaction = z.output<typeof transaction>;

export interface MergedAnnex {
  object: Transaction;
  changes: Change[];
}

/** Our sections as they should be, and none for the channels to drop; every other option stays as it is and where it is. */
export function mergeAnnex(
  present: Transaction,
  sections: readonly Section[],
  drop: readonly string[] = [],
): MergedAnnex {
  const options = present.userproperties.property;
  const dropped = options
    .filter(({key, value}) => key === 'channelId' && drop.includes(value))
    .map(({section}) => section);
  const standing = options.filter(({section}) => !dropped.includes(section));
  const wanted = sections
    .filter(({name}) => !dropped.includes(name))
    .flatMap(({name, options: pairs}) => pairs.map(([key, value]) => ({section: name, key, value})));
  const find = (list: readonly Option[], {section, key}: Option) =>
    list.find(other => other.section === section && other.key === key);

  const added = wanted.filter(one => find(standing, one) === undefined);
  const property = [...standing.map(one => ({...one, value: find(wanted, one)?.value ?? one.value})), ...added];
  return {
    object: {...present, userproperties: {...present.userproperties, property}},
    changes: [
      ...[...new Set(dropped)].map(section => ({sign: '-' as const, text: `[${section}]`})),
      ...standing.flatMap(one => toChange(one, find(wanted, one))),
      ...added.map(one => ({sign: '+' as const, text: `[${one.section}] ${one.key} = ${shown(one.key, one.value)}`})),
    ],
  };
}

interface Option {
  section: string;
  key: string;
  value: string;
}

function toChange({section, key, value}: Option, wanted: Option | undefined): Change[] {
  if (wanted === undefined || wanted.value === value) return [];
  return [{sign: '~', text: `[${section}] ${key}: ${shown(key, value)} -> ${shown(key, wanted.value)}`}];
}

/** Fixed headers may be tokens. */
function shown(key: string, value: string): string {
  return key.startsWith('header:') ? mask : value;
}
