import {z} from 'zod';
import type {BenchGateway} from './gateway.ts';

export const counted = z.object({waiting: z.number(), underWay: z.number()});
export const purged = counted.extend({purged: z.number(), left: z.number()});

/** By the first of these replicas: nothing more of the channel leaves; what waits is ended, and told as failed. Then the channel may send again. */
export async function purgeRest(
  [gateway]: readonly BenchGateway[],
  channel: string,
): Promise<{purged: number; pausedMs: number}> {
  if (gateway === undefined) throw new Error('there is no gateway');
  const filter = {channel, reason: 'bench'};
  const from = performance.now();
  await gateway.post('/api/pause', filter);
  while (counted.parse(await gateway.post('/api/purge', filter)).underWay > 0)
    await new Promise(resolve => setTimeout(resolve, 20));
  const pausedMs = performance.now() - from;
  const told = purged.parse(await gateway.post('/api/purge', {...filter, confirm: true}));
  await gateway.post('/api/resume', {channel});
  return {purged: told.purged, pausedMs};
}
