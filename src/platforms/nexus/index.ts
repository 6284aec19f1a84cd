import {definePlatform, type Platform, type PlatformContext} from '../platform.ts';
import {createClient} from './client.ts';
import {type NexusOptions, nexusOptions} from './options.ts';
import {createPoster} from './post.ts';
import {toElements, toPlaces} from './reading.ts';
import {toReading} from './storable.ts';
import {createWebhook} from './webhook.ts';

/** Genesys Multicloud CX Digital Channels ("Nexus"), private edition, through its `Async` service. */
export const nexus = definePlatform<NexusOptions>({
  type: 'nexus',
  options: nexusOptions,
  create(platforms, context) {
    return {
      platforms: [...platforms].map(([name, options]) => createNexus(name, options, context)),
      router: createWebhook({...context, platforms}),
    };
  },
});

function createNexus(name: string, options: NexusOptions, {channels, now}: PlatformContext): Platform {
  const own = new Map(channels.filter(({platform}) => platform === name).map(channel => [channel.id, channel]));
  const client = createClient(options);
  const places = toPlaces(options.contract);
  return {
    name,
    post: createPoster({options, client, channels: own, now}),
    read: raw => toReading(toElements(JSON.parse(raw), places)),
    stop: client.stop,
  };
}
