import type {Channel} from '../core/channel.ts';
import {outboundQueue, parseQueueName, postQueue} from '../core/queue.ts';

/** Which queues belong to which destination: known from the configuration, and from what the store still holds of channels that left it. */
export interface Routes {
  find(platform: string, channel: string): Channel | undefined;
  ofCarrier(carrier: string): {interactive: readonly string[]; bulk: readonly string[]};
  ofPlatform(kind: 'inbound' | 'receipt', platform: string): readonly string[];
  outbound(): readonly string[];
  all(): readonly string[];
}

export function createRoutes(channels: readonly Channel[], stored: readonly string[]): Routes {
  const byName = new Map(channels.map(channel => [`${channel.platform} ${channel.id}`, channel]));
  const names = new Set([...channels.flatMap(toQueueNames), ...stored]);
  const queues = [...names].map(name => ({name, ...parseQueueName(name)}));
  const outbound = queues.filter(({kind}) => kind === 'outbound');
  const carriers = new Map<string, {interactive: string[]; bulk: string[]}>();
  for (const {name, carrier, priority} of outbound) {
    const lists = carriers.get(carrier) ?? {interactive: [], bulk: []};
    lists[priority].push(name);
    carriers.set(carrier, lists);
  }
  const posts = Map.groupBy(
    queues.filter(({kind}) => kind !== 'outbound'),
    ({kind, platform}) => `${kind} ${platform}`,
  );
  return {
    find: (platform, channel) => byName.get(`${platform} ${channel}`),
    ofCarrier: carrier => carriers.get(carrier) ?? {interactive: [], bulk: []},
    ofPlatform: (kind, platform) => (posts.get(`${kind} ${platform}`) ?? []).map(({name}) => name),
    outbound: () => outbound.map(({name}) => name),
    all: () => queues.map(({name}) => name),
  };
}

function toQueueNames({id, platform, carriers}: Channel): string[] {
  return [
    postQueue('inbound', platform, id),
    postQueue('receipt', platform, id),
    ...carriers.flatMap(({carrier}) => [
      outboundQueue(platform, id, carrier, 'interactive'),
      outboundQueue(platform, id, carrier, 'bulk'),
    ]),
  ];
}
