import type {NewAudit} from '../core/audit.ts';
import type {Direction, MessageState, Priority} from '../core/message.ts';

/** What ended badly and waits for a person. One for each message. */
export interface DeadLetter {
  messageId: string;
  /** `before` of a page that begins behind it. */
  cursor: string;
  reason: string;
  /** When it became one, Unix ms. */
  at: number;
  platform: string;
  channel: string;
  /** Carrier's or platform's own words, or ours. */
  detail: string;
  carrier: string;
  direction: Direction;
  priority: Priority;
  state: MessageState;
}

/** All that are given must fit. */
export interface DeadLetterFilter {
  reason?: string;
  platform?: string;
  channel?: string;
  carrier?: string;
  direction?: Direction;
  priority?: Priority;
  /** The far side's number, canonical. */
  phone?: string;
  state?: MessageState;
  /** Dead since this time or later, Unix ms. */
  since?: number;
  /** Dead since before this time, Unix ms. */
  until?: number;
}

export interface DeadLetterPage extends DeadLetterFilter {
  limit: number;
  /** `next` of the page before. */
  before?: string;
}

export interface DeadLetterCount extends DeadLetterFilter {
  /** `next` of the step before. */
  before?: string;
}

export interface ReplayOptions {
  /** Only the dead letter of this very time: one that came since is another's to decide about. */
  deadAt?: number;
  /** Of an outbound one: to be sent by this carrier, its own unless given. */
  carrier?: string;
  audit?: NewAudit;
}
