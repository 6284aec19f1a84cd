import type tls from 'node:tls';
import type {CharsetChoice, DecodingRules} from './alphabet/data-coding.ts';
import {type Fields, toTlvName} from './codec.ts';
import type {SmppOptions} from './options/schema.ts';
import type {SessionOptions} from './session/session.ts';
import {type CodeMapping, defaultCodeMapping} from './status-defaults.ts';
import type {TextRules} from './text.ts';
import type {ReconnectRules} from './timers.ts';
import type {SubmitRules} from './wire.ts';

/** The options with everything derived from them, once. */
export interface Settings {
  options: SmppOptions;
  hosts: ReadonlyArray<{host: string; port: number}>;
  link: Omit<SessionOptions['link'], 'host' | 'port'>;
  session: Pick<SessionOptions, 'bindTimeoutMs' | 'responseTimeoutMs' | 'enquireLinkMs' | 'enquireLinkTimeoutMs'>;
  bindFields: Fields;
  reconnect: ReconnectRules;
  stopGraceMs: number;
  window: number;
  codes: CodeMapping;
  text: TextRules;
  submit: SubmitRules;
  decoding: DecodingRules & {packed: boolean};
  /** Of the SMSC's clock, east of UTC. */
  offsetMinutes: number;
}

const ourCharsets: readonly CharsetChoice[] = [
  {dcs: 0, charset: 'gsm_0338'},
  {dcs: 8, charset: 'utf-16be'},
];

const genesysCharsets: readonly CharsetChoice[] = [
  {dcs: 0, charset: 'gsm_0338'},
  {dcs: 1, charset: 'ASCII'},
  {dcs: 2, charset: 'gsm_0338'},
  {dcs: 3, charset: 'ISO-8859-1'},
  {dcs: 5, charset: 'JIS0201'},
  {dcs: 6, charset: 'ISO-8859-5'},
  {dcs: 7, charset: 'ISO-8859-8'},
  {dcs: 8, charset: 'utf-16be'},
];

/** Interface version 3.4: the library's own default is 5.0. */
const interfaceVersion = 0x34;

const registeredDelivery = {all: 1, failures: 2, none: 0} as const;

export function toSettings(options: SmppOptions): Settings {
  const charsets = options.charsets ?? options.advancedConfiguration?.charsets ?? defaultCharsets(options);
  const numbering = options.genesysDefaults ? 0 : 'auto';
  return {
    options,
    hosts: toHosts(options),
    link: {
      localAddress: options.localAddress,
      tls: toTls(options),
      connectTimeoutMs: options.connectTimeout,
      partialTimeoutMs: options.partialTimeout,
    },
    session: {
      bindTimeoutMs: options.bindTimeout,
      responseTimeoutMs: options.responseTimeout,
      enquireLinkMs: options.enquireLink,
      enquireLinkTimeoutMs: options.enquireLinkTimeout,
    },
    bindFields: {
      system_id: options.systemId,
      password: options.password,
      system_type: options.systemType,
      interface_version: interfaceVersion,
      addr_ton: options.addressRangeTon,
      addr_npi: options.addressRangeNpi,
      address_range: options.addressRange,
    },
    reconnect: {firstMs: options.reconnectFirst, maxMs: options.reconnectMax, refusedMs: options.credentialsRetry},
    stopGraceMs: options.stopGrace,
    window: options.window,
    codes: {...defaultCodeMapping, ...toCodes(options.advancedConfiguration?.protocolSpecificCodeMapping ?? {})},
    text: {...options, charsets},
    submit: {
      ...options,
      sourceTon: options.sourceTon ?? numbering,
      sourceNpi: options.sourceNpi ?? numbering,
      destinationTon: options.destinationTon ?? numbering,
      destinationNpi: options.destinationNpi ?? numbering,
      registeredDelivery: registeredDelivery[options.receipts],
      tlvs: toTlvs(options.tlvs),
    },
    decoding: {charsets, ucs2LittleEndian: options.ucs2LittleEndian, packed: options.packed},
    offsetMinutes: toMinutes(options.utcOffset),
  };
}

/** All that a link is opened under: one that is open under other terms has to be replaced. */
export function toLinkTerms({hosts, link, session, bindFields, options}: Settings): string {
  return JSON.stringify([hosts, link, session, bindFields, options.bindType]);
}

/** Extra TLVs by the library's names. */
export function toTlvs(written: Readonly<Record<string, string | number>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [toTlvName(name), toTlvBytes(value)]));
}

/** A pasted `0088` is 88 too. */
function toCodes(written: CodeMapping): CodeMapping {
  return Object.fromEntries(Object.entries(written).map(([code, meaning]) => [Number(code), meaning]));
}

function defaultCharsets(options: SmppOptions): readonly CharsetChoice[] {
  return options.genesysDefaults ? genesysCharsets : ourCharsets;
}

function toHosts(options: SmppOptions): Settings['hosts'] {
  const port = options.port ?? (options.tls === false ? 2775 : 2776);
  const written = options.hosts ?? (options.host === undefined ? [] : [options.host]);
  return written.map(each => {
    if (typeof each !== 'string') return {host: unbracketed(each.host), port: each.port ?? port};
    const match = /^([^:]+|\[[^\]]+\]):(\d{1,5})$/.exec(each);
    return match === null
      ? {host: unbracketed(each), port}
      : {host: unbracketed(match[1] ?? ''), port: Number(match[2])};
  });
}

/** `+05:30` to 330. */
function toMinutes(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (hours * 60 + minutes) * (offset.startsWith('-') ? -1 : 1);
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** The certificate is verified unless the operator says otherwise in so many words. */
function toTls({tls: written}: SmppOptions): tls.ConnectionOptions | undefined {
  if (written === false) return undefined;
  if (written === true) return {rejectUnauthorized: true, minVersion: 'TLSv1.2'};
  const {acceptAnyCertificate, ...rest} = written;
  return {...rest, rejectUnauthorized: !acceptAnyCertificate};
}

/** A number takes as few of 1, 2 and 4 octets as it needs. */
function toTlvBytes(value: string | number): Buffer {
  if (typeof value === 'string') {
    return value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : Buffer.from(value, 'latin1');
  }
  const octets = value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntBE(value % 2 ** 32, 0, octets);
  return bytes;
}
