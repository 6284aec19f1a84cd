import {Refusal} from '../core/refusal.ts';
import type {StopFilter} from '../core/stop.ts';
import type {ManagementParts} from './parts.ts';

/** A mistyped name must not look like a stop. */
export function matching({queues}: ManagementParts, filter: StopFilter): readonly string[] {
  const names = queues(filter);
  if (names.length > 0) return names;
  const message = `No queue fits ${describe(filter)}: check the names against the configuration. Nothing was changed.`;
  throw new Refusal(404, 'no_such_queue', message);
}

export async function nothingPaused({store}: ManagementParts, filter: StopFilter): Promise<Refusal> {
  const paused = (await store.gates()).filter(gate => gate.kind !== 'parked').map(gate => describe(gate.filter));
  const known = paused.length === 0 ? 'Nothing is paused or drained.' : `Paused or drained are: ${paused.join('; ')}.`;
  return new Refusal(404, 'not_paused', `Nothing was paused or drained with ${describe(filter)}. ${known}`);
}

const words: Readonly<Record<string, string>> = {acceptedAfter: 'accepted from', acceptedBefore: 'accepted before'};

/** What the gateway parks is a whole queue; those of posts have no carrier. */
export function describe(filter: StopFilter): string {
  return Object.entries(filter)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${words[key] ?? key} ${typeof value === 'number' ? new Date(value).toISOString() : value}`)
    .join(', ');
}
