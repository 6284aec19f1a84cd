import type {PlatformType} from '../platforms/platform.ts';
import {type Document, isBlock, type Part} from './document.ts';
import type {Mistake} from './mistakes.ts';
import {suggest} from './nearest.ts';
import type {Parties} from './parties.ts';

/** A platform's settings that are for one channel are for nobody when its id is mistyped: what they ask for would not be asked. */
export function checkNamedChannels(
  main: Document,
  platforms: Parties,
  {types, channels}: {types: readonly PlatformType[]; channels: readonly Part[]},
  mistakes: Mistake[],
): void {
  for (const [name, {type, options}] of platforms.valid) {
    const named = types.find(candidate => candidate.type === type)?.channelsNamed?.(options) ?? [];
    const ids = toIds(name, channels);
    for (const path of named) {
      const id = path.at(-1) ?? '';
      if (ids.includes(id)) continue;
      mistakes.push(main.mistake(['platforms', name, ...path], `is no channel of this platform: ${suggest(id, ids)}`));
    }
  }
}

/** Also of channels with mistakes of their own. */
function toIds(platform: string, channels: readonly Part[]): string[] {
  return channels.flatMap(({value}) => (isBlock(value) && value.platform === platform ? [String(value.id)] : []));
}
