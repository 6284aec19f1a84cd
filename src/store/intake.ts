import type {ConsentDecision} from '../core/consent.ts';
import type {HeldPart} from '../core/event.ts';
import type {Inbound, Outbound, Priority} from '../core/message.ts';
import type {InboundConsent} from './consent.ts';
import type {Start} from './delivery.ts';

export interface Accepted {
  messageId: string;
  result: 'stored' | 'duplicate';
  /** What followed from the order the text was. */
  consent?: ConsentDecision;
}

export interface NewOutbound {
  outbound: Outbound;
  /** The whole webhook body. */
  raw: string;
  /** Another id this text may be known under: then it is a `duplicate`, answered with that id. */
  earlierId?: string;
  priority: Priority;
  replyWindowMs: number;
  /** The first carrier's name. */
  carrier: string;
  expiresInMs: number;
  /**
   * How it would travel by that carrier, where nobody has to be asked before it leaves. Where it is claimed as it is stored, and its phone is on no
   * list, its first try is written down with it: the claim says `isStarted`.
   */
  start?: Start['plan'];
}

/** What was unreadable, under the id it was answered with. */
export interface ReadAgain extends NewOutbound {
  /** The id the text would have had, had it been read at once: by it a redelivery knows it from now on, as it does if that one came first. */
  ownId?: string;
}

export interface NewUnreadable {
  messageId: string;
  platform: string;
  channel: string;
  traceId: string;
  raw: string;
  why: string;
  /** What was captured: kept for the day it can be read. */
  headers?: Readonly<Record<string, string>>;
}

export interface NewInbound {
  inbound: Inbound;
  raw?: string;
  /** With it an equal text within 10 minutes is a duplicate until forgotten; without it the `messageId` alone decides. */
  fingerprint?: string;
  /** False once the carrier delivers it again, perhaps to another replica: it must not be stored here any more. A store of one process need not ask. */
  isAwaited?: (() => boolean) | undefined;
  /** Held parts this text was joined from; remembered for 10 minutes. */
  group?: string;
  /** Those of them; all that are held unless given. What came under the group's name meanwhile stays. */
  parts?: readonly HeldPart[];
  /** It is an order about consent. What is not to be forwarded becomes `handled`, without a job. */
  consent?: InboundConsent;
}

export interface OverdueGroup {
  carrier: string;
  group: string;
  from: string;
  to: string;
  receivedAt: number;
  parts: HeldPart[];
}
