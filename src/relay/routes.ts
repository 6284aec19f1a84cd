import {type Channel, entriesOf} from '../core/channel.ts';
import {derive} from '../core/live.ts';
import {outboundQueue, parseQueueName, postQueue} from '../core/queue.ts';

/** Which queues belong to which destination: known from the configuration, and from what the store held at the start of channels that had left it. */
export interface Routes {
  find(platform: string, channel: string): Channel | undefined;
  ofCarrier(carrier: string): {interactive: readonly string[]; bulk: readonly string[]};
  ofPlatform(kind: 'inbound' | 'receipt', platform: string): readonly string[];
  outbound(): readonly string[];
  all(): readonly string[];
}

/** Once a channel was in the configuration its queues come and go with it: another replica may still have it when this one does not any more. */
export function createRoutes(channels: () => readonly Channel[], stored: readonly string[]): Routes {
  const forsaken = new Set(stored);
  const current = derive(channels, all => {
    const named = all.flatMap(toQueueNames);
    for (const name of named) forsaken.delete(name);
    return toIndex(all, [...new Set([...named, ...forsaken])]);
  });
  return {
    find: (platform, channel) => current().byName.get(`${platform} ${channel}`),
    ofCarrier: carrier => current().carriers.get(carrier) ?? {interactive: [], bulk: []},
    ofPlatform: (kind, platform) => current().posts.get(`${kind} ${platform}`) ?? [],
    outbound: () => current().outbound,
    all: () => current().names,
  };
}

function toIndex(channels: readonly Channel[], names: readonly string[]) {
  const queues = names.map(name => ({name, ...parseQueueName(name)}));
  const carriers = new Map<string, {interactive: string[]; bulk: string[]}>();
  const outbound = queues.filter(({kind}) => kind === 'outbound');
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
    names,
    byName: new Map(channels.map(channel => [`${channel.platform} ${channel.id}`, channel])),
    carriers,
    posts: new Map([...posts].map(([key, group]) => [key, group.map(({name}) => name)])),
    outbound: outbound.map(({name}) => name),
  };
}

function toQueueNames(channel: Channel): string[] {
  const {id, platform} = channel;
  return [
    postQueue('inbound', platform, id),
    postQueue('receipt', platform, id),
    ...entriesOf(channel).flatMap(({carrier}) => [
      outboundQueue(platform, id, carrier, 'interactive'),
      outboundQueue(platform, id, carrier, 'bulk'),
    ]),
  ];
}
