import {randomUUID} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {createProvision, type ProvisionOptions} from '../../../provisioning/setup/index.ts';
import type {PretendServicesOptions} from '../../../src/sandbox/admin/nexus-services.ts';
import {apiKey, ccid, startServices} from '../peers.ts';
import {makeFolder} from '../run.ts';

export const webhook = 'https://gw.example.com/nexus/webhook/acme/16504661149';

/** A tenant and the configuration file of a gateway for it. */
export async function startTenant(t: ExecutionContext, options: Partial<PretendServicesOptions> = {}) {
  const {nexus} = await startServices(t, options);
  const folder = makeFolder(t);
  const path = join(folder, 'gateway.yaml');
  const write = (text: string) => writeFileSync(path, text);
  write(toFile(nexus.url));
  const lines: string[] = [];
  const asking = {
    confirm: async (_plan: string) => true,
    tell: (line: string) => void lines.push(line),
    progress: (line: string) => void lines.push(line),
    backup: join(folder, 'backup.json'),
  };
  const open = (more: Partial<ProvisionOptions> = {}) => createProvision({path, env: {}, ...more});
  return {nexus, folder, path, write, lines, asking, open};
}

/** Of a restore: what it replaces goes into another file than the one it reads. */
export function keeping<Asking extends {backup: string}>(asking: Asking): Asking {
  return {...asking, backup: `${asking.backup}-${randomUUID()}`};
}

export function toFile(url: string): string {
  return `
publicUrl: https://gw.example.com
platforms:
  acme:
    type: nexus
    url: ${url}
    ccid: ${ccid}
    provisioning: {apiKey: ${apiKey}}
carriers:
  smsc-a: {type: smpp, host: smsc.example.net, port: 2776, systemId: acme, password: smpp-secret}
channels:
  - id: "16504661149"
    platform: acme
    address: "+16504661149"
    webhookSecret: webhook-secret-of-this-channel
    apiSecret: [api-secret-of-this-channel, an-older-one]
    carriers: [smsc-a]
    nexusServices: {section: chat.SMS_Main, endpoint: chat.SMS_Endpoint}
  - id: "72345"
    platform: acme
    address: "72345"
    country: US
    webhookSecret: webhook-secret-of-the-short-code
    apiSecret: api-secret-of-the-short-code
    carriers: [smsc-a]
    nexusServices: {section: chat.SMS_Campaigns, endpoint: chat.Campaigns, cxcOnly: true}
`;
}

export const foreign = {
  data: {channelId: 'mail.example.com', webhook: {url: 'https://mail.example.com/in', tries: 3}},
  secret: {channelId: 'mail.example.com', webhook: {secret: 'their webhook key'}, api: {secret: 'their api key'}},
};
export const foreignOnly = {data: {channels: [foreign.data]}, secret: {channels: [foreign.secret]}};

export const ours = {
  data: [
    {channelId: '16504661149', webhook: {url: webhook}},
    {channelId: '72345', webhook: {url: 'https://gw.example.com/nexus/webhook/acme/72345'}},
  ],
  secret: [
    {
      channelId: '16504661149',
      webhook: {secret: 'webhook-secret-of-this-channel'},
      api: {secret: 'api-secret-of-this-channel'},
    },
    {
      channelId: '72345',
      webhook: {secret: 'webhook-secret-of-the-short-code'},
      api: {secret: 'api-secret-of-the-short-code'},
    },
  ],
};
