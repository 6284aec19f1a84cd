import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import {postQueue} from '../../src/core/queue.ts';
import {createRoutes} from '../../src/relay/routes.ts';
import {createToPlatform, type ToPlatformOptions} from '../../src/relay/to-platform.ts';
import {silent} from '../store/silent.ts';

test('the rest of a channel’s URL is told no more once the channel is gone', async t => {
  const queue = postQueue('receipt', 'acme', 'c1');
  let channels = [{platform: 'acme', id: 'c1', carriers: []}] as unknown as Channel[];
  const receipt = {status: 'Failed', final: true, reasons: [], at: 0};
  const work = {kind: 'receipt', messageId: 'm1', traceId: 'a1', channel: 'c1', receipt};
  const destination = createToPlatform({
    kind: 'receipt',
    store: {
      claim: async () => [{job: 2, fence: 1, queue, attempts: 0, acceptedAt: 0, expiresAt: 0, work}],
      settle: async () => true,
    },
    name: 'acme',
    platform: () => ({post: async () => ({kind: 'unknown', reason: {code: 'ServerError', message: 'no answer'}})}),
    routes: createRoutes(() => channels, []),
    gates: {isOpen: () => false, async park() {}},
    meter: {posted() {}},
    log: silent,
    now: () => 0,
    noise: () => 1,
  } as unknown as ToPlatformOptions);
  for (let times = 0; times < 5; times += 1) await destination.probe(queue);
  t.like(destination.health(), [{kind: 'receipt', name: 'acme', channel: 'c1', breaker: 'open'}]);
  channels = [];
  t.deepEqual(destination.health(), []);
  await destination.stop();
});
