import {withoutPrefix} from './address.ts';
import type {HeaderRule} from './by-header.ts';
import type {PrefixRule} from './by-prefix.ts';
import type {KeywordRules} from './consent.ts';
import type {Guards} from './guards.ts';
import type {Priority} from './message.ts';
import type {SendingHours} from './sending-hours.ts';

/** One sender identity of one platform, served by an ordered list of carriers. Derived from the configuration, frozen. */
export interface Channel {
  id: string;
  platform: string;
  description: string;
  /** E.164, short code or sender name. */
  address: string;
  /** ISO 3166 code of two letters, when it is known. */
  country: string | undefined;
  webhookSecrets: readonly string[];
  apiSecrets: readonly string[];
  /** In order of preference, at least one. */
  carriers: readonly CarrierEntry[];
  /** Those the configuration no longer has, while texts still leave or are told of by them. */
  leavingCarriers?: readonly CarrierEntry[];
  priority: Priority;
  /** Past it a text that has not left is `expired`. */
  sendWithinMs: number;
  /** What a carrier gets as validity for the handset. */
  deliverWithinMs: number;
  /** After it a `sent` text without a final receipt is settled by `withoutReceipt`. */
  receiptWithinMs: number;
  withoutReceipt: 'silent' | 'delivered' | 'failed';
  unknown: 'hold' | 'retry' | 'fail';
  /** How long a held `unknown` waits for evidence before it becomes a dead letter. */
  unknownAfterMs: number;
  /** How long the preferred carrier may have no usable link before the next one is asked. */
  failoverAfterMs: number;
  /** Orders from phones; without it every text is forwarded and nothing is enforced. */
  keywords?: KeywordRules;
  byHeader?: readonly HeaderRule[];
  byPrefix?: readonly PrefixRule[];
  guards?: Guards;
  /** For texts of class bulk; at any hour without it. */
  sendingHours?: SendingHours | undefined;
  /** How files go: `file`, as the carrier can, or `link`, as a line of the text. */
  media?: 'file' | 'link';
  /** The configuration no longer has it: it takes no webhook, and all that it still owes is done. */
  leaving?: true;
}

/** One of a channel's carriers, as that channel wants it used. */
export interface CarrierEntry {
  carrier: string;
  /** The sender as this carrier knows it; the channel's own unless the entry names another. */
  address: string;
  senderMayChange: boolean;
  /** What only this type of carrier understands (`messagingServiceSid`), checked by its `entry` schema. */
  options: Readonly<Record<string, unknown>>;
}

/** How this channel is sent, and known, by a carrier; what is leaving counts. */
export function entryOf(channel: Channel, carrier: string): CarrierEntry | undefined {
  const own = channel.carriers.find(entry => entry.carrier === carrier);
  return own ?? channel.leavingCarriers?.find(entry => entry.carrier === carrier);
}

/** Whose sender has a prefix writes to whom has it as well: there it says nothing of a phone, which is known by its number alone. */
export function recipientOf({carriers}: Channel, to: string): string {
  const [prefix = ''] = /^[a-z]+:/i.exec(to) ?? [];
  if (prefix === '') return to;
  const isUnderstood = carriers.every(({address}) => address.toLowerCase().startsWith(prefix.toLowerCase()));
  return isUnderstood ? withoutPrefix(to) : to;
}

export function entriesOf({carriers, leavingCarriers = []}: Channel): readonly CarrierEntry[] {
  return [...carriers, ...leavingCarriers];
}
