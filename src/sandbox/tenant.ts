import {z} from 'zod';
import {createPretendGax, type GaxOption, type PretendGax} from './admin/gax.ts';
import {createServices, type Services, type ServicesOptions} from './admin/nexus-services.ts';
import {createPretendNexus, type NexusPost, type PretendChannel, type PretendNexus} from './nexus.ts';
import type {NexusAnswer} from './nexus-sender.ts';

export interface TenantOptions {
  services?: Partial<ServicesOptions>;
  onEvent?(event: NexusPost): void;
}

/** A contact centre as its installation leaves it: no channel, no provider, no section. What provisioning writes is what it does. */
export interface Tenant extends Services {
  nexus: PretendNexus;
  gax: PretendGax;
  /** An agent's text: it goes where `NexusServices`, `SMS` and `Async` say. Rejects when they do not fit together. */
  sendText(text: {channelId: string; to: string; text: string}): Promise<NexusAnswer>;
  stop(): Promise<void>;
}

/** Made up: they open nothing but this tenant. */
export const tenantKeys = {
  ccid: '45acae06-6b7c-4f97-9c76-471cb5c21bf7',
  apiKey: '9b7682b7-cbce-422f-9bbb-ecda85e61695',
  gaxUser: 'default',
  gaxPassword: 'gax-of-the-sandbox',
} as const;

const asyncService = z.object({
  data: z.object({channels: z.array(z.object({channelId: z.string(), webhook: z.object({url: z.string()})}))}),
  secret: z.object({
    channels: z.array(
      z.object({
        channelId: z.string(),
        webhook: z.object({secret: z.string()}),
        api: z.object({secret: z.string()}),
      }),
    ),
  }),
});
const smsService = z.object({data: z.object({provider: z.string().optional()})});

export async function startTenant({services: options, onEvent}: TenantOptions = {}): Promise<Tenant> {
  const {ccid, apiKey, gaxUser: user, gaxPassword: password} = tenantKeys;
  const {handle, ...services} = createServices({
    ccid,
    apiKey,
    reads: 'all',
    ...options,
    onWrite(name, document) {
      if (name === 'Async') nexus.setChannels(toChannels(document));
    },
  });
  const nexus = await createPretendNexus({ccid, channels: [], administration: handle, ...(onEvent && {onEvent})});
  const gax = await createPretendGax({user, password});

  return {
    nexus,
    gax,
    ...services,
    async sendText({channelId, to, text}) {
      const webhookUrl = toWebhook(channelId, services.services, gax.annex());
      return nexus.sendText({webhookUrl, channelId, to, text});
    },
    async stop() {
      await Promise.all([nexus.stop(), gax.stop()]);
    },
  };
}

function toChannels(document: Record<string, unknown>): PretendChannel[] {
  const {success, data} = asyncService.safeParse(document);
  if (!success) return [];
  return data.secret.channels.map(({channelId, webhook, api}) => ({
    channelId,
    webhookSecret: webhook.secret,
    apiSecret: api.secret,
  }));
}

/** Where a text of this channel goes; a text that would go by another provider is a fault of the set-up. */
function toWebhook(channelId: string, services: Services['services'], annex: readonly GaxOption[]): string {
  const section = annex.find(({key, value}) => key === 'channelId' && value === channelId)?.section;
  if (section === undefined) throw new Error(`NexusServices has no section for ${channelId}`);
  const provider = annex.find(option => option.section === section && option.key === 'provider')?.value ?? 'Portico';
  const tenantWide = smsService.safeParse(services.get('SMS')).data?.data.provider ?? 'Portico';
  if (provider !== 'Async' || tenantWide !== 'Async') {
    throw new Error(`the text goes by ${provider === 'Async' ? tenantWide : provider}, not by Async`);
  }
  const channels = asyncService.safeParse(services.get('Async')).data?.data.channels ?? [];
  const url = channels.find(channel => channel.channelId === channelId)?.webhook.url;
  if (url === undefined) throw new Error(`the service Async has no channel ${channelId}`);
  return url;
}
