import {chooseByHeader} from './by-header.ts';
import type {CarrierEntry, Channel} from './channel.ts';
import type {Priority} from './message.ts';

/** Texts to numbers that begin so go by these of the channel's carriers, in this order, and by no other. */
export interface PrefixRule {
  /** `+` and digits. */
  prefix: string;
  carriers: readonly string[];
}

type Choosing = Pick<Channel, 'id' | 'carriers' | 'priority' | 'byHeader' | 'byPrefix'>;

/** The carrier and the priority a text begins with: the longest prefix decides on the carrier, then a header, then the channel's order. */
export function chooseCarrier(
  channel: Choosing,
  to: string,
  headers: Readonly<Record<string, string>>,
): {carrier: string; priority: Priority} {
  const chosen = chooseByHeader(channel, headers);
  const carrier = findRule(channel, to)?.carriers[0] ?? chosen.carrier;
  return {carrier, priority: chosen.priority};
}

/** The entries that may carry a text to this number, in order. */
export function entriesTo(channel: Pick<Channel, 'carriers' | 'byPrefix'>, to: string): readonly CarrierEntry[] {
  const rule = findRule(channel, to);
  if (rule === undefined) return channel.carriers;
  return rule.carriers.flatMap(name => channel.carriers.filter(({carrier}) => carrier === name));
}

function findRule({byPrefix = []}: Pick<Channel, 'byPrefix'>, to: string): PrefixRule | undefined {
  if (byPrefix.length === 0) return undefined;
  const fitting = byPrefix.filter(({prefix}) => to.startsWith(prefix));
  return fitting.sort((one, other) => other.prefix.length - one.prefix.length)[0];
}
