import type {ZodType} from 'zod';
import type {CarrierEntry} from '../core/channel.ts';
import {readAddress} from './address.ts';
import type {ChannelFile, EntryFile} from './channel-schema.ts';
import {check} from './check.ts';
import type {Part} from './document.ts';
import type {Mistake} from './mistakes.ts';
import {suggest} from './nearest.ts';
import type {Parties} from './parties.ts';

/** What the channels of a file refer to. */
export interface Surroundings {
  platforms: Parties;
  carriers: Parties;
  /** By type of carrier: what a channel's entry may say beyond what all may. */
  entrySchemas: ReadonlyMap<string, ZodType<Record<string, unknown>>>;
}

/** A channel's carriers, each checked by the settings of its carrier's type. `sender` is undefined when the channel's own could not be read. */
export function readEntries(
  part: Part,
  file: ChannelFile,
  sender: string | undefined,
  surroundings: Surroundings,
  mistakes: Mistake[],
  warnings: Mistake[],
): CarrierEntry[] {
  const entries = file.carriers.map((entry, index) => {
    const entryPart = {...part, path: [...part.path, 'carriers', index]};
    const address = readEntryAddress(entryPart, entry, file.country, mistakes) ?? sender ?? '';
    return toEntry(entryPart, entry, address, surroundings, mistakes);
  });
  entries.forEach((entry, index) => {
    const path = [...part.path, 'carriers', index];
    if (entries.findIndex(other => other.carrier === entry.carrier) < index) {
      mistakes.push(part.document.mistake(path, `names the carrier ${entry.carrier} a second time: leave one out.`));
    }
    if (index > 0 && entry.address !== entries[0]?.address && !entry.senderMayChange) {
      const message = 'is never failed over to: it shows another sender; say `senderMayChange: true` if it may.';
      warnings.push(part.document.mistake(path, message));
    }
  });
  return entries;
}

function readEntryAddress(
  part: Part,
  {address}: EntryFile,
  country: string | undefined,
  mistakes: Mistake[],
): string | undefined {
  if (address === undefined) return undefined;
  const own = readAddress({address, country});
  // A channel's country settles how digits are read; a sender of another country, with its plus, is in order here.
  const read = 'mistake' in own && /^\s*(\+|00)/.test(address) ? readAddress({address}) : own;
  if (!('mistake' in read)) return read.address;
  mistakes.push(part.document.mistake([...part.path, 'address'], read.mistake));
  return undefined;
}

function toEntry(
  part: Part,
  {carrier, address: _, senderMayChange, ...rest}: EntryFile,
  address: string,
  {carriers, entrySchemas}: Surroundings,
  mistakes: Mistake[],
): CarrierEntry {
  if (!carriers.names.includes(carrier)) {
    const path = [...part.path, 'carrier'];
    mistakes.push(part.document.mistake(path, `names no carrier: ${suggest(carrier, carriers.names)}`));
  }
  const schema = entrySchemas.get(carriers.valid.get(carrier)?.type ?? '');
  const options = schema === undefined ? rest : check(schema, {...part, value: rest}, mistakes);
  return {carrier, address, senderMayChange, options: options ?? {}};
}
