import {z} from 'zod';
import type {Config, NexusServices} from '../../src/config.ts';
import {isPhone, isShortCode} from '../../src/core/address.ts';
import type {WantedChannel} from './async-document.ts';
import type {Tenant} from './nexus-admin.ts';
import {ProvisionError} from './target.ts';

/** A platform of type `nexus` and what the file says of it. */
export interface NexusPlatform {
  name: string;
  url: string;
  ccid: string;
  apiKey: string | undefined;
  tls: Tenant['tls'];
  proxy: string | undefined;
  channels: readonly WantedChannel[];
  sections: readonly NexusServices[];
  /** Numbers its channels have at carriers. */
  numbers: readonly CarrierNumber[];
}

export interface CarrierNumber {
  carrier: string;
  address: string;
  /** The one that has it: a carrier's sender serves one channel. */
  channelId: string;
}

/** What these commands need of a Nexus platform's settings, which its own folder has checked. */
const settings = z.object({
  url: z.string(),
  ccid: z.string(),
  tls: z.object({ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional()}),
  proxy: z.string().optional(),
  provisioning: z.object({apiKey: z.string().optional()}),
});

/** The Nexus platforms of a file; all of them, or the one that is named. */
export function toNexusPlatforms(config: Config, only: string | undefined): NexusPlatform[] {
  const all = [...config.platforms].filter(([, {type}]) => type === 'nexus');
  const chosen = all.filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = all.map(([name]) => name).join(', ') || 'none';
    throw new ProvisionError('held back', `There is no such platform of type nexus. The file has: ${names}.`);
  }
  return chosen.map(([name, {options}]) => toNexusPlatform(config, name, options));
}

function toNexusPlatform(config: Config, name: string, options: unknown): NexusPlatform {
  const {url, ccid, tls, proxy, provisioning} = settings.parse(options);
  const {publicUrl} = config;
  if (publicUrl === undefined) {
    const message =
      'publicUrl is not in the file: write where Nexus reaches this gateway, such as https://sms-gateway.example.com.';
    throw new ProvisionError('held back', message);
  }
  const channels = config.channels
    .filter(({platform}) => platform === name)
    .map(({id, webhookSecrets, apiSecrets}) => ({
      channelId: id,
      url: `${publicUrl}/nexus/webhook/${name}/${id}`,
      webhookSecret: webhookSecrets[0] ?? '',
      apiSecret: apiSecrets[0] ?? '',
    }));
  const numbers = config.channels
    .filter(({platform}) => platform === name)
    .flatMap(({id, carriers}) => carriers.map(({carrier, address}) => ({carrier, address, channelId: id})))
    .filter(({address}) => isPhone(address) || isShortCode(address));
  const sections = config.nexusServices.filter(({platform}) => platform === name);
  return {name, url, ccid, apiKey: provisioning.apiKey, tls, proxy, channels, sections, numbers};
}

/** Platforms that are one tenant share one `Async` document. */
export function groupByTenant(platforms: readonly NexusPlatform[]): NexusPlatform[][] {
  const groups = new Map<string, NexusPlatform[]>();
  for (const platform of platforms) {
    const key = `${platform.url} ${platform.ccid}`;
    groups.set(key, [...(groups.get(key) ?? []), platform]);
  }
  return [...groups.values()];
}
