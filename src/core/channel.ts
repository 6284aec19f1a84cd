import type {HeaderRule} from './by-header.ts';
import type {KeywordRules} from './consent.ts';
import type {Priority} from './message.ts';

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
  /** How files go: `file`, as the carrier can, or `link`, as a line of the text. */
  media?: 'file' | 'link';
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
