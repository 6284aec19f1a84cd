import type {HeldPart} from '../core/event.ts';
import type {Inbound, Outbound, Priority} from '../core/message.ts';

export interface Accepted {
  messageId: string;
  result: 'stored' | 'duplicate';
}

export interface NewOutbound {
  outbound: Outbound;
  /** The whole webhook body. */
  raw: string;
  /** Platform, channel and the platform's own id, when it gave one. */
  externalKey?: string;
  /** Another id this text may be known under: then it is a `duplicate`, answered with that id. */
  earlierId?: string;
  priority: Priority;
  replyWindowMs: number;
  /** The first carrier's name. */
  carrier: string;
  expiresInMs: number;
}

export interface NewUnreadable {
  messageId: string;
  platform: string;
  channel: string;
  traceId: string;
  raw: string;
  why: string;
}

export interface NewInbound {
  inbound: Inbound;
  raw?: string;
  /** With it an equal text within 10 minutes is a duplicate until forgotten; without it the `messageId` alone decides. */
  fingerprint?: string;
  /** Held parts this text was joined from; remembered for 10 minutes. */
  group?: string;
}

export interface OverdueGroup {
  carrier: string;
  group: string;
  from: string;
  to: string;
  receivedAt: number;
  parts: HeldPart[];
}
