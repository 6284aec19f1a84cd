import {createPretendNexus, type PretendNexus, type PretendNexusOptions} from './nexus.ts';
import {createPretendSmsc, type PretendSmsc, type PretendSmscOptions} from './smsc.ts';
import {createPretendTwilio, type PretendTwilio, type PretendTwilioOptions} from './twilio.ts';

/** Everybody outside the gateway: a tenant's Nexus with two channels, an SMSC account, a Twilio account. */
export interface Peers {
  nexus: PretendNexus;
  smsc: PretendSmsc;
  twilio: PretendTwilio;
  stop(): Promise<void>;
}

export interface PeersOptions {
  nexus?: Partial<PretendNexusOptions>;
  smsc?: Partial<PretendSmscOptions>;
  twilio?: Partial<PretendTwilioOptions>;
}

/** Made-up names and secrets of the pretend parties: they open nothing but each other. */
export const made = {
  ccid: '45acae06-6b7c-4f97-9c76-471cb5c21bf7',
  webhookSecret: 'sandbox-webhook-secret',
  apiSecret: 'sandbox-api-secret',
  systemId: 'sandbox',
  password: 'sandbox1',
  accountSid: 'AC00000000000000000000000000005a4d',
  authToken: 'sandbox-auth-token-0123456789abcd',
  token: 'sandbox-operator-token',
  /** Served by the SMSC first. */
  smppChannel: '16504661149',
  /** Served by Twilio. */
  twilioChannel: '16504661150',
} as const;

export async function startPeers(options: PeersOptions = {}): Promise<Peers> {
  const {ccid, webhookSecret, apiSecret, systemId, password, accountSid, authToken} = made;
  const channels = [made.smppChannel, made.twilioChannel].map(channelId => ({channelId, webhookSecret, apiSecret}));
  const nexus = await createPretendNexus({ccid, channels, ...options.nexus});
  const smsc = await createPretendSmsc({systemId, password, ...options.smsc});
  const twilio = await createPretendTwilio({accountSid, authToken, ...options.twilio});
  return {
    nexus,
    smsc,
    twilio,
    async stop() {
      await Promise.all([nexus.stop(), smsc.stop(), twilio.stop()]);
    },
  };
}

export interface GatewayFileOptions {
  peers: Peers;
  publicUrl: string;
  /** 0: any free one. */
  publicPort: number;
  managementPort: number;
  store: string;
  /** More lines of the file, or blocks below a party or channel, by their place. */
  more?: {top?: string; smsc?: string; twilio?: string; smppChannel?: string; twilioChannel?: string; nexus?: string};
}

/** The configuration file of a gateway between these peers. */
export function toGatewayFile({peers, publicUrl, publicPort, managementPort, store, more = {}}: GatewayFileOptions) {
  const block = (lines: string | undefined) => lines ?? '';
  return `# The sandbox: a gateway between a pretend Nexus, a pretend SMSC and a pretend Twilio, all on loopback.
listen: {host: 127.0.0.1, port: ${publicPort}}
publicUrl: ${publicUrl}
management:
  host: 127.0.0.1
  port: ${managementPort}
  tokens: [{name: sandbox, role: operator, token: ${made.token}}]
store: ${JSON.stringify(store)}
stopDelay: 1ms
${block(more.top)}
platforms:
  acme:
    type: nexus
    url: ${peers.nexus.url}
    ccid: ${made.ccid}
${block(more.nexus)}
carriers:
  smsc-a:
    type: smpp
    host: ${peers.smsc.host}
    port: ${peers.smsc.port}
    tls: false
    systemId: ${made.systemId}
    password: ${made.password}
    binds: 1
${block(more.smsc)}
  twilio-main:
    type: twilio
    accountSid: ${made.accountSid}
    authTokens: [${made.authToken}]
    apiUrl: ${peers.twilio.url}
${block(more.twilio)}
channels:
  - id: "${made.smppChannel}"
    platform: acme
    description: Main support number, by SMPP
    address: "+${made.smppChannel}"
    webhookSecret: ${made.webhookSecret}
    apiSecret: ${made.apiSecret}
    carriers: [smsc-a]
    priority: interactive
${block(more.smppChannel)}
  - id: "${made.twilioChannel}"
    platform: acme
    description: Second number, by Twilio
    address: "+${made.twilioChannel}"
    webhookSecret: ${made.webhookSecret}
    apiSecret: ${made.apiSecret}
    carriers: [twilio-main]
    priority: interactive
${block(more.twilioChannel)}
`;
}
