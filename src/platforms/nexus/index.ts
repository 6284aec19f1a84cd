import {definePlatform, type Platform, type PlatformContext} from '../platform.ts';
import {createCaller} from './call.ts';
import {createClient} from './client.ts';
import {createDownload} from './download.ts';
import {createExamination} from './examine.ts';
import {toSecretNames} from './headers.ts';
import {createInboundMedia} from './inbound-media.ts';
import {type NexusOptions, nexusOptions} from './options.ts';
import {createPoster} from './post.ts';
import {createProbe} from './probe/index.ts';
import {toElements, toPlaces} from './reading.ts';
import {toReportedUntil} from './report-only.ts';
import {toReading} from './storable.ts';
import {createUpload} from './upload.ts';
import {createWebhook} from './webhook.ts';

/** Genesys Multicloud CX Digital Channels ("Nexus"), private edition, through its `Async` service. */
export const nexus = definePlatform<NexusOptions>({
  type: 'nexus',
  options: nexusOptions,
  channelsNamed: ({headers}) => Object.keys(headers.channels).map(id => ['headers', 'channels', id]),
  create(platforms, context) {
    return {
      platforms: [...platforms].map(([name, options]) => createNexus(name, options, context)),
      router: createWebhook({...context, platforms}),
    };
  },
});

function createNexus(name: string, options: NexusOptions, context: PlatformContext): Platform {
  const {contract} = options;
  const {now, log} = context;
  const channels = new Map(
    context.channels.filter(({platform}) => platform === name).map(channel => [channel.id, channel]),
  );
  const client = createClient(options);
  const call = createCaller(options, client);
  const upload = createUpload({contract, call, now});
  const carryMedia = createInboundMedia({...context, contract, upload});
  const places = toPlaces(contract);
  if (toReportedUntil(contract, now()) !== undefined) {
    log.error('nexus.signature.report_only', {platform: name, until: contract.reportOnlyUntil});
  }
  return {
    name,
    secretHeaders: toSecretNames(options.headers),
    post: createPoster({contract, call, carryMedia, channels, now}),
    read: raw => toReading(toElements(JSON.parse(raw), places)),
    loadMedia: createDownload({contract, call, channels}),
    probe: createProbe({options, client, channels, now, newId: context.newId}),
    examine: () => createExamination({name, options, call, channels, now, newId: context.newId}),
    stop: client.stop,
  };
}
