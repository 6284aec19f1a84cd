import type {CarrierEvents, SenderTrouble} from '../carriers/carrier.ts';
import {toAddress} from '../core/address.ts';
import type {Channel} from '../core/channel.ts';
import type {HeldPart, InboundAnswer, LateEvent, ReceiptEvent} from '../core/event.ts';
import {derive} from '../core/live.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Tracer} from '../core/tracer.ts';
import type {PlatformEvents} from '../platforms/platform.ts';
import type {Gate, Store} from '../store/store.ts';
import {createAnswered} from './answered.ts';
import {createConsentPurge, type OnList} from './consent.ts';
import type {NewText} from './gates.ts';
import {createChannelFinder, createTakeInbound, type PartGroup} from './take-inbound.ts';
import {createTakeOutbound, type TakeOutboundOptions} from './take-outbound.ts';

export interface IntakeOptions {
  store: Store;
  channels(): readonly Channel[];
  /** The drain because of which this text is not taken. */
  refusing(text: NewText): Gate | undefined;
  firstStart: TakeOutboundOptions['firstStart'];
  join(carrier: string, parts: readonly HeldPart[]): {text: string; missing: number};
  /** There may be room at this carrier. */
  onReady(carrier: string): void;
  onTroubled(carrier: string, trouble: SenderTrouble): Promise<void>;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  newId(): string;
  newTraceId(): string;
}

export interface Intake {
  platformEvents: PlatformEvents;
  carrierEvents(carrier: string): CarrierEvents;
  takeGroup(carrier: string, group: PartGroup): Promise<InboundAnswer>;
  /** An operator or an import has put these phones on lists: what waits for them is ended, as after a STOP. */
  optedOut(added: readonly OnList[]): void;
  /** Writes down what is still only in memory. */
  stop(): Promise<void>;
}

/** The watch then asks the message's channel how long to wait. */
const watchAtOnceMs = 0;

/** The way in: everything that arrives is named, addressed and written down before its caller is answered. */
export function createIntake(options: IntakeOptions): Intake {
  const {store, log, meter} = options;
  const purge = createConsentPurge(options);
  const inbound = createTakeInbound({...options, onOptedOut: purge.begin});
  const findChannel = derive(options.channels, createChannelFinder);
  const answered = createAnswered(fingerprints => store.forgetFingerprints(fingerprints), log);

  async function receipt(carrier: string, event: ReceiptEvent) {
    const result = await store.receipt(carrier, toOurs(carrier, event));
    const {messageId, carrierMessageId, state} = event;
    meter.receipted({carrier, state, result});
    log.debug(`receipt.${result}`, {carrier, messageId, carrierMessageId, state});
    return result;
  }

  /** The sender as its texts are stored with: the channel's own address, whichever its entry sends with. Somebody else's tells nothing. */
  function toOurs(carrier: string, event: ReceiptEvent): ReceiptEvent {
    const {about} = event;
    if (about?.sender === undefined) return event;
    const channel = findChannel()(carrier, toAddress(about.sender) ?? about.sender);
    return {...event, about: {...about, sender: channel?.address}};
  }

  async function late(carrier: string, {messageId, segment, attempt, outcome}: LateEvent): Promise<void> {
    const taken = outcome.kind === 'taken';
    const applied = await store.resolve({
      messageId,
      to: 'late',
      segment,
      attempt,
      taken,
      carrierMessageId: taken ? outcome.carrierMessageId : undefined,
      reason: taken ? undefined : outcome.reason,
      receiptWithinMs: watchAtOnceMs,
      events: [{event: 'late_answer', detail: {segment, outcome: outcome.kind, ...outcome.detail}}],
    });
    log.warn('send.late', {messageId, carrier, segment, attempt, applied});
  }

  return {
    platformEvents: createTakeOutbound(options),
    carrierEvents: carrier => ({
      inbound: event => inbound.take(carrier, event),
      part: event => inbound.takePart(carrier, event),
      receipt: event => receipt(carrier, event),
      late: event => late(carrier, event),
      answered: fingerprint => answered.add(fingerprint),
      ready: () => options.onReady(carrier),
      troubled: trouble => options.onTroubled(carrier, trouble),
    }),
    takeGroup: inbound.takeGroup,
    optedOut: purge.beginAll,
    async stop() {
      await Promise.all([answered.stop(), purge.stop()]);
    },
  };
}
