import type {Priority} from '../../core/message.ts';
import {toNumbering} from './address.ts';
import type {Fields} from './codec.ts';
import type {Manner} from './text.ts';

/** What the account's settings put into every submission. */
export interface SubmitRules {
  sourceTon: number | 'auto';
  sourceNpi: number | 'auto';
  destinationTon: number | 'auto';
  destinationNpi: number | 'auto';
  outboundPlusPrefix: boolean;
  serviceType: string;
  protocolId: number;
  priorityFlag: Readonly<Record<Priority, number>>;
  messageMode: 'default' | 'datagram' | 'storeAndForward';
  registeredDelivery: number;
  validityFormat: 'relative' | 'absolute' | 'none';
  /** By the library's names. */
  tlvs: Readonly<Record<string, Buffer>>;
  moreMessagesToSend: boolean;
}

export interface SubmitOptions {
  from: string;
  to: string;
  manner: Manner;
  /** User data of this segment. */
  body: Buffer;
  /** From 0. */
  segment: number;
  segments: number;
  /** 0 to 65535; 8-bit headers carry its low octet. */
  reference: number;
  priority: Priority;
  deliverWithinMs: number;
  /** Unix ms. */
  now: number;
}

const udhIndicator = 0x40;
const nothing = Buffer.alloc(0);
const modes = {default: 0, datagram: 1, storeAndForward: 3} as const;

/** The fields of one submit_sm, short_message encoded. */
export function toSubmitFields(options: SubmitOptions, rules: SubmitRules): Fields {
  const {manner, segments, body} = options;
  const source = toNumbering(options.from, {
    ton: rules.sourceTon,
    npi: rules.sourceNpi,
    plus: rules.outboundPlusPrefix,
  });
  const destination = toNumbering(options.to, {ton: rules.destinationTon, npi: rules.destinationNpi, plus: false});
  const header = segments > 1 ? toHeader(options) : undefined;
  const payload = manner.concatenation === 'payload';
  const fields = {
    service_type: rules.serviceType,
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
    esm_class: modes[rules.messageMode] | (header === undefined ? 0 : udhIndicator),
    protocol_id: rules.protocolId,
    priority_flag: rules.priorityFlag[options.priority],
    validity_period: toValidity(rules.validityFormat, options.deliverWithinMs, options.now),
    registered_delivery: rules.registeredDelivery,
    data_coding: manner.dcs,
    short_message: payload ? nothing : header === undefined ? body : Buffer.concat([header, body]),
  };
  return Object.assign(fields, rules.tlvs, toTlvFields(options, rules));
}

/** What says the rest: how the parts belong together, where no header does. */
function toTlvFields(options: SubmitOptions, rules: SubmitRules): Fields | undefined {
  const {concatenation} = options.manner;
  const isLast = options.segment === options.segments - 1;
  if (concatenation === 'payload') return {message_payload: options.body};
  if (isLast && concatenation !== 'sar') return undefined;
  return {
    ...(rules.moreMessagesToSend && !isLast ? {more_messages_to_send: Buffer.of(1)} : {}),
    ...(concatenation === 'sar' ? toSar(options) : {}),
  };
}

/** 3GPP TS 23.040 9.2.3.24.1 and .8; undefined where another way tells of the parts. */
function toHeader({manner, reference, segment, segments}: SubmitOptions): Buffer | undefined {
  if (manner.concatenation === 'udh8') return Buffer.of(5, 0, 3, reference & 0xff, segments, segment + 1);
  if (manner.concatenation !== 'udh16') return undefined;
  return Buffer.of(6, 8, 4, (reference >> 8) & 0xff, reference & 0xff, segments, segment + 1);
}

/** SMPP 3.4 5.3.2.22 to .24: all three or none. */
function toSar({reference, segment, segments}: SubmitOptions): Fields {
  return {
    sar_msg_ref_num: Buffer.of((reference >> 8) & 0xff, reference & 0xff),
    sar_total_segments: Buffer.of(segments),
    sar_segment_seqnum: Buffer.of(segment + 1),
  };
}

/** SMPP 3.4 7.1.1. Relative times name no months: those have no fixed length. At least a second, at most 30 days. */
export function toValidity(format: SubmitRules['validityFormat'], withinMs: number, now: number): string {
  if (format === 'none') return '';
  const seconds = Math.min(Math.max(Math.ceil(withinMs / 1000), 1), 30 * 86_400);
  if (format === 'absolute') {
    const at = new Date(now + seconds * 1000).toISOString();
    return `${at.slice(2, 19).replace(/\D/g, '')}000+`;
  }
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  return `0000${parts.map(part => String(part).padStart(2, '0')).join('')}000R`;
}
