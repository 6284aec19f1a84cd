import type Router from '@koa/router';
import type {ZodType} from 'zod';
import type {Channel} from '../core/channel.ts';
import type {Examination} from '../core/examination.ts';
import type {Log} from '../core/log.ts';
import type {MediaLoad} from '../core/media.ts';
import type {Inbound, Media, ReasonCode, Receipt} from '../core/message.ts';
import type {Outcome} from '../core/outcome.ts';
import type {B3} from '../core/tracer.ts';

/** A contact centre. It verifies and translates; the relay remembers and retries. */
export interface Platform {
  readonly name: string;
  /** Headers of its webhooks, in lower case, whose values prove something: never written down. */
  readonly secretHeaders?: readonly string[];
  /**
   * One try. `taken` on 2XX. `unavailable` scope `message` for what passes by itself (408, 425, 429, 5XX, network), scope `queue` for what
   * somebody must mend (401, 403, 404, 405), `refused` for the rest. A post that got no answer is `unknown`: the relay posts it again with the same id.
   */
  post(post: Post): Promise<Outcome>;
  /** Reads a stored webhook body again, after a settings change. */
  read(raw: string, channel: string): OutboundReading;
  /** The bytes behind a reference only the platform can resolve (`genesys://…`), at most `maxBytes`. Resolves within its own time-out. */
  loadMedia?(wanted: MediaWanted): Promise<MediaLoad>;
  /** Finds out which settings fit the contact centre. Without `live` nothing is created there: every call is wrongly signed on purpose. */
  probe?(wanted: ProbeWanted): Promise<ProbeReport>;
  /** For `doctor`: whether the contact centre takes our calls for each channel. Creates nothing there. */
  examine?(): Examination;
  stop(): Promise<void>;
}

export interface MediaWanted {
  media: Media;
  channel: string;
  traceId: string;
  /** What was captured with its text. */
  headers?: Readonly<Record<string, string>> | undefined;
  maxBytes: number;
}

export interface ProbeWanted {
  /** A channel that may be tried on. */
  channel: string;
  /** Rightly signed calls too: one test text from this phone opens an interaction. */
  live?: {phone: string};
}

export interface ProbeReport {
  lines: ProbeLine[];
  /** What follows for the settings. */
  findings: ProbeFinding[];
  /** Sentences for people. */
  warnings: string[];
}

export interface ProbeLine {
  question: string;
  candidate: string;
  /** An HTTP status, or the code of what failed. */
  answered: string;
  fits: 'yes' | 'no' | 'unclear';
}

export interface ProbeFinding {
  /** As in the file: `contract.inboundPath`. */
  setting: string;
  value: string;
  sure: 'certain' | 'likely' | 'unknown';
  /** Whether the file says otherwise now. */
  differs: boolean;
}

export type Post = InboundPost | ReceiptPost;

export interface InboundPost {
  kind: 'inbound';
  channel: string;
  inbound: Inbound;
  /** The span of this post, where steps are traced. */
  b3?: B3 | undefined;
}

export interface ReceiptPost {
  kind: 'receipt';
  channel: string;
  messageId: string;
  from: string;
  to: string;
  traceId: string;
  receipt: Receipt;
  /** What was captured with the message. */
  headers?: Readonly<Record<string, string>>;
  /** The span of this post, where steps are traced. */
  b3?: B3 | undefined;
}

export type OutboundReading =
  | {readable: true; texts: OutboundText[]}
  /** `unsupported`: it was read and no text can say it: a replay won't help, the platform is owed `Failed` with `code`, or `UnsupportedMessage`. */
  | {readable: false; why: string; unsupported?: Unsupported};

export interface Unsupported {
  to: string;
  externalId?: string;
  code?: ReasonCode;
}

/** One text as the platform's webhook had it. */
export interface OutboundText {
  /** The platform's id of it, when it has one. */
  externalId?: string;
  to: string;
  text: string;
  media: Media[];
}

export interface OutboundEvent {
  platform: string;
  channel: string;
  traceId: string;
  /** The whole body as it came, UTF-8. */
  raw: string;
  reading: OutboundReading;
  /** Headers the settings capture, in lower case: kept with the message, passed on with each call about it. */
  headers?: Readonly<Record<string, string>>;
  /** Where steps are traced: when the webhook came, Unix ms, and what its caller said of its own trace. */
  trace?: {b3: B3; receivedAt: number} | undefined;
}

/** What a platform hands in. Answer the webhook when it resolves, not before; it rejects with `StoreUnavailable` when nothing could be stored. */
export interface PlatformEvents {
  /** Stores every text of one webhook and answers their ids in order; at least one, also for what can't be read. */
  outbound(event: OutboundEvent): Promise<string[]>;
  /** Whether an event's `trace` is of use. */
  readonly isTraced?: boolean;
}

/** What the parts of a gateway give the platforms of one type, which share their public routes. */
export interface PlatformContext {
  log: Log;
  events: PlatformEvents;
  channels: readonly Channel[];
  /** The bytes of a file of an inbound text, at most `maxBytes`: its carrier has the account to fetch it with. Absent: no file can be had. */
  loadMedia?(inbound: Inbound, media: Media, maxBytes: number): Promise<MediaLoad>;
  now(): number;
  newId(): string;
  /** 32 lower-case hex digits. */
  newTraceId(): string;
}

/** What a platform's folder exports; `platforms/index.ts` lists them. */
export interface PlatformType<Options = unknown> {
  type: string;
  options: ZodType<Options>;
  /** Where settings are for one channel: the path of each, whose last step is the channel's id. One the platform does not have is a mistake in the file. */
  channelsNamed?(options: Options): ReadonlyArray<readonly string[]>;
  /** Every platform of this type, and the routes they share; each handler finds the body's bytes in `ctx.state.raw`, and may leave its answer's JSON in `ctx.state.answer`, and in `ctx.state.toRefused` what makes another body of a refusal; `ctx.state.isTold` of one says that its own event stands in the log. */
  create(platforms: ReadonlyMap<string, Options>, context: PlatformContext): {platforms: Platform[]; router: Router};
}

export function definePlatform<Options>(platform: PlatformType<Options>): PlatformType<Options> {
  return platform;
}
