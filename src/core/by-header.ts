import type {Channel} from './channel.ts';
import type {Priority} from './message.ts';

/** What a text with this value of a captured header gets, instead of what its channel says. */
export interface HeaderRule {
  /** In lower case. */
  header: string;
  value: string;
  priority?: Priority | undefined;
  /** One of the channel's. */
  carrier?: string | undefined;
}

/** The carrier and the priority a text begins with: of all rules that fit, each thing is said by the first that says it. */
export function chooseByHeader(
  {id, carriers, priority, byHeader = []}: Pick<Channel, 'id' | 'carriers' | 'priority' | 'byHeader'>,
  headers: Readonly<Record<string, string>>,
): {carrier: string; priority: Priority} {
  const fitting = byHeader.length === 0 ? undefined : byHeader.filter(rule => headers[rule.header] === rule.value);
  const carrier = fitting?.find(rule => rule.carrier !== undefined)?.carrier ?? carriers[0]?.carrier;
  if (carrier === undefined) throw new Error(`channel ${id} has no carrier`);
  return {carrier, priority: fitting?.find(rule => rule.priority !== undefined)?.priority ?? priority};
}
