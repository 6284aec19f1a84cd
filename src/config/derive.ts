import type {Channel} from '../core/channel.ts';
import type {Secrecy} from '../store/index.ts';
import type {ReadChannel} from './channels.ts';
import type {Surroundings} from './entries.ts';
import {formatMistake, type Mistake} from './mistakes.ts';
import type {Party} from './parties.ts';
import type {GatewayFile} from './schema.ts';

/** Everything the gateway was told: checked, derived, frozen. Times in ms. */
export interface Config {
  listen: GatewayFile['listen'];
  /** No slash at the end. */
  publicUrl: string | undefined;
  management: GatewayFile['management'];
  /** `sqlite:path` or `postgres://…`. */
  store: string;
  /** Folder for recorded webhooks. */
  recordings: string;
  limits: GatewayFile['limits'];
  /** Keys to what is sealed in the store. */
  secrecy: Secrecy;
  retention: {textMs: number; allMs: number; auditMs: number};
  stopDelayMs: number;
  reload: GatewayFile['reload'];
  log: GatewayFile['log'];
  traces: GatewayFile['traces'];
  platforms: ReadonlyMap<string, Party>;
  carriers: ReadonlyMap<string, Party>;
  channels: readonly Channel[];
  /** What provisioning writes into the Configuration Server, for the channels that say so. */
  nexusServices: readonly NexusServices[];
  /** Sentences on what is allowed and probably not meant. */
  warnings: readonly string[];
}

export interface NexusServices {
  platform: string;
  channel: string;
  section: string;
  endpoint: string;
  cxcOnly: boolean;
}

/** What was read without a mistake. */
export interface Checked {
  file: GatewayFile;
  parties: Surroundings;
  channels: readonly ReadChannel[];
  warnings: readonly Mistake[];
}

export function toConfig({file, parties, channels, warnings}: Checked): Config {
  return {
    listen: file.listen,
    publicUrl: file.publicUrl,
    management: file.management,
    store: file.store,
    recordings: file.recordings,
    limits: file.limits,
    secrecy: {
      keys: file.encryption.keys,
      seals: file.encryption.write && file.encryption.keys.length > 0,
      phoneKeys: file.privacy.phoneKeys ?? [],
    },
    retention: {
      textMs: Math.min(file.textRetention, file.retention),
      allMs: file.retention,
      auditMs: file.auditRetention,
    },
    stopDelayMs: file.stopDelay,
    reload: file.reload,
    log: file.log,
    traces: file.traces,
    platforms: parties.platforms.valid,
    carriers: parties.carriers.valid,
    channels: channels.map(({channel}) => channel),
    nexusServices: channels.flatMap(({channel, nexusServices}) =>
      nexusServices === undefined ? [] : [{platform: channel.platform, channel: channel.id, ...nexusServices}],
    ),
    warnings: warnings.map(formatMistake),
  };
}
