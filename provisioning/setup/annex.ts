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
  /** Whose texts would go another way than now, or by chance. */
  objections: string[];
}

export interface AnnexOptions {
  /** Channels whose sections are taken out. */
  drop?: readonly string[];
  /** Channels that nobody serves any more: what leads them is free. */
  gone?: readonly string[];
  /** Take a section, or a channel, from whom it is. */
  replace?: boolean;
}

/** Our sections as they should be, and none for the channels to drop; every other option stays as it is and where it is. */
export function mergeAnnex(
  present: Transaction,
  sections: readonly Section[],
  {drop = [], gone = [], replace = false}: AnnexOptions = {},
): MergedAnnex {
  const options = present.userproperties.property;
  const {taken, rivals} = findOthers(options, sections, gone);
  const dropped = [...findLeading(options, drop), ...(replace ? rivals : [])].map(({section}) => section);
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
    objections: replace ? [] : [...taken.map(toTaken), ...rivals.map(toRival)],
  };
}

/** Sections of ours that lead a channel of somebody else, and others that lead a channel of ours. */
function findOthers(options: readonly Option[], sections: readonly Section[], gone: readonly string[]) {
  const names = sections.map(({name}) => name);
  const ours = sections.flatMap(({options: pairs}) => pairs.filter(([key]) => key === 'channelId').map(([, id]) => id));
  return {
    taken: options.filter(
      ({section, key, value}) =>
        key === 'channelId' && names.includes(section) && !['', ...ours, ...gone].includes(value),
    ),
    rivals: findLeading(options, ours).filter(({section}) => !names.includes(section)),
  };
}

/** The sections that lead these channels; a number of theirs may be a WhatsApp channel too, in a section that says so. */
function findLeading(options: readonly Option[], channels: readonly string[]): Option[] {
  const typeOf = (section: string) => options.find(one => one.section === section && one.key === 'channelType')?.value;
  return options
    .filter(({key, value}) => key === 'channelId' && channels.includes(value))
    .filter(({section}) => /^(sms)?$/i.test(typeOf(section) ?? ''));
}

function toTaken({section, value}: Option): string {
  return `NexusServices: [${section}] leads channel ${value}, whose texts would reach nobody any more. Name another section in the file, or say --replace.`;
}

function toRival({section, value}: Option): string {
  return `NexusServices: [${section}] leads channel ${value} already, and of two sections chance decides which one leads. Name it in the file, or say --replace to take it out.`;
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
