import {made} from '../../src/sandbox/peers.ts';

export interface KannelConfig {
  folder: string;
  smscPort: number;
  /** `spool` is as durable as it can be. */
  store: 'spool' | 'none';
  ports: {admin: number; boxes: number; sendSms: number};
}

/** A fair race: no access log, nothing but errors logged, receipts kept in memory. */
export function toKannelConfig(options: KannelConfig): string {
  const {folder, smscPort, store, ports} = options;
  const stored = store === 'none' ? [] : [`store-type = ${store}`, `store-location = "${folder}/store"`];
  const groups = [
    [
      'group = core',
      `admin-port = ${ports.admin}`,
      'admin-password = bench',
      'status-password = bench',
      'admin-deny-ip = "*.*.*.*"',
      'admin-allow-ip = "127.0.0.1"',
      `smsbox-port = ${ports.boxes}`,
      'box-deny-ip = "*.*.*.*"',
      'box-allow-ip = "127.0.0.1"',
      `log-file = "${folder}/bearerbox.log"`,
      'log-level = 3',
      'dlr-storage = internal',
      ...stored,
    ],
    [
      'group = smsc',
      'smsc = smpp',
      'smsc-id = bench',
      'host = 127.0.0.1',
      `port = ${smscPort}`,
      'transceiver-mode = true',
      `smsc-username = "${made.systemId}"`,
      `smsc-password = "${made.password}"`,
      'system-type = ""',
      'interface-version = 34',
      'source-addr-ton = 1',
      'source-addr-npi = 1',
      'dest-addr-ton = 1',
      'dest-addr-npi = 1',
      'enquire-link-interval = 30',
      'reconnect-delay = 2',
      'max-pending-submits = 100',
      'wait-ack = 60',
    ],
    [
      'group = smsbox',
      'bearerbox-host = 127.0.0.1',
      `sendsms-port = ${ports.sendSms}`,
      'global-sender = 13013',
      `log-file = "${folder}/smsbox.log"`,
      'log-level = 3',
      'http-request-retry = 3',
    ],
    ['group = sendsms-user', 'username = bench', 'password = bench', 'concatenation = true', 'max-messages = 10'],
  ];
  return `${groups.map(lines => lines.join('\n')).join('\n\n')}\n`;
}
