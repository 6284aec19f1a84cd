import type {ZodType} from 'zod';
import {check} from './check.ts';
import {type Document, isBlock, type Part} from './document.ts';
import type {Mistake} from './mistakes.ts';
import {suggest} from './nearest.ts';
import {partyName} from './values.ts';

/** What the types of platforms and of carriers have in common. */
export interface PartyType {
  type: string;
  options: ZodType;
}

export interface Party {
  type: string;
  options: unknown;
  /** The file no longer has it; channels that are leaving need it. */
  leaving?: true;
}

/** Those of the file that are right, and the names of all. */
export interface Parties {
  names: readonly string[];
  valid: ReadonlyMap<string, Party>;
}

/** Checks each party of a block by the settings of its own type. */
export function toParties(
  block: 'platforms' | 'carriers',
  types: readonly PartyType[],
  document: Document,
  mistakes: Mistake[],
): Parties {
  const parts = toParts(block, document);
  const valid = new Map<string, Party>();
  for (const [name, part] of parts) {
    check(partyName, {...part, value: name}, mistakes);
    const party = toParty(types, part, mistakes);
    if (party !== undefined) valid.set(name, party);
  }
  return {names: [...parts.keys()], valid};
}

function toParty(types: readonly PartyType[], part: Part, mistakes: Mistake[]): Party | undefined {
  const {document, path, value} = part;
  if (!isBlock(value)) {
    mistakes.push(document.mistake(path, 'must be a block of settings with a `type`.'));
    return undefined;
  }
  const {type, ...options} = value;
  const known = types.map(candidate => candidate.type);
  const found = types.find(candidate => candidate.type === type);
  if (found === undefined) {
    const why = typeof type === 'string' ? `names no type: ${suggest(type, known)}` : `must be ${list(known)}.`;
    mistakes.push(document.mistake([...path, 'type'], why));
    return undefined;
  }
  const before = mistakes.length;
  const checked = check(found.options, {document, path, value: options}, mistakes);
  return mistakes.length > before ? undefined : {type: found.type, options: checked};
}

function toParts(block: string, document: Document): Map<string, Part> {
  if (!isBlock(document.value)) return new Map();
  const parties = document.value[block];
  if (!isBlock(parties)) return new Map();
  return new Map(Object.entries(parties).map(([name, value]) => [name, {document, path: [block, name], value}]));
}

function list(words: readonly string[]): string {
  return words.map(word => `\`${word}\``).join(' or ');
}
