import {randomBytes} from 'node:crypto';
import type {Config} from '../../src/config.ts';
import type {Finding} from './finding.ts';
import {type Manner, toManner} from './manner.ts';
import {isSignatureRefused, judgeWebhook} from './public-url.ts';
import {callWebhook, type WebhookAnswer} from './webhook.ts';

/** Calls each channel's webhook by `publicUrl` as Nexus would, with an event that is never stored. */
export async function lookAtWebhooks(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const channel of config.channels) {
    if (config.platforms.get(channel.platform)?.type === 'nexus') findings.push(...(await lookAt(channel, config)));
  }
  return findings;
}

type Channel = Config['channels'][number];

async function lookAt({id, platform, webhookSecrets}: Channel, config: Config): Promise<Finding[]> {
  const url = `${config.publicUrl}${toWebhookPath(platform, id)}`;
  const manner = toManner(config, {platform, id});
  const signed: WebhookAnswer[] = [];
  for (const secret of webhookSecrets) signed.push(await callWebhook({url, secret, manner}));
  const forged = await callWebhook({url, secret: randomBytes(20).toString('hex'), manner});
  const [first] = signed;
  const direct = isSignatureRefused(first)
    ? await callDirectly(config, platform, {id, secret: webhookSecrets[0] ?? '', manner})
    : undefined;
  return judgeWebhook({channel: id, url, signed, forged, direct});
}

export function toWebhookPath(platform: string, channel: string): string {
  return `/nexus/webhook/${encodeURIComponent(platform)}/${encodeURIComponent(channel)}`;
}

/** Past the proxy in front; undefined where the port is not known here. */
async function callDirectly(
  {listen}: Config,
  platform: string,
  {id, secret, manner}: {id: string; secret: string; manner: Manner},
): Promise<WebhookAnswer | undefined> {
  if (listen.port === 0 || listen.tls !== undefined) return undefined;
  const host = /^(0\.0\.0\.0|::)$/.test(listen.host) ? '127.0.0.1' : listen.host;
  return callWebhook({url: `http://${host}:${listen.port}${toWebhookPath(platform, id)}`, secret, manner});
}
