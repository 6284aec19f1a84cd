import {Refusal} from '../core/refusal.ts';
import type {QueueFilter} from '../store/store.ts';
import type {ManagementParts} from './parts.ts';

/** A mistyped name must not look like a stop. */
export function matching({queues}: ManagementParts, filter: QueueFilter): readonly string[] {
  const names = queues(filter);
  if (names.length > 0) return names;
  const message = `No queue fits ${describe(filter)}: check the names against the configuration. Nothing was changed.`;
  throw new Refusal(404, 'no_such_queue', message);
}

export async function nothingPaused({store}: ManagementParts, filter: QueueFilter): Promise<Refusal> {
  const paused = (await store.gates()).filter(gate => gate.kind === 'paused').map(gate => describe(gate.filter));
  const known = paused.length === 0 ? 'Nothing is paused.' : `Paused are: ${paused.join('; ')}.`;
  return new Refusal(404, 'not_paused', `Nothing was paused with ${describe(filter)}. ${known}`);
}

export async function countWaiting({store}: ManagementParts, queues: readonly string[]): Promise<number> {
  const wanted = new Set(queues);
  const depths = await store.depths();
  return depths.filter(({queue}) => wanted.has(queue)).reduce((sum, {waiting}) => sum + waiting, 0);
}

export function describe(filter: QueueFilter): string {
  return Object.entries(filter)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
