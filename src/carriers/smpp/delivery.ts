import type {ReceiptEvent} from '../../core/event.ts';
import {derive} from '../../core/live.ts';
import type {CarrierContext} from '../carrier.ts';
import {national} from './address.ts';
import {type Fields, numberField, type Pdu} from './codec.ts';
import {bodyOf, readInbound} from './inbound.ts';
import {toOnlyTo, toReceiptEvent} from './receipt/event.ts';
import {looksLikeReceipt, readReceipt} from './receipt/read.ts';
import type {References} from './references.ts';
import type {SessionOptions} from './session/session.ts';
import type {Settings} from './settings.ts';
import {status} from './status.ts';

export interface Delivery {
  handle(pdu: Pdu, link: Bringing): ReturnType<SessionOptions['onDelivery']>;
}

/** The link by which it came. */
export interface Bringing {
  /** Told the fingerprint once the answer to a text is in the kernel. */
  answered(fingerprint: string): void;
  /** The SMSC still waits for the answer. */
  isAwaited(): boolean;
}

/** `wordsOfReceipt`: nothing else shows that it is one. */
type Kind = 'receipt' | 'wordsOfReceipt' | 'inbound' | 'acknowledgement';

/** What the SMSC delivers, stored before it is answered; above the bound it is asked to come again. */
export function createDelivery(
  settings: () => Settings,
  context: CarrierContext,
  references: () => References | undefined,
): Delivery {
  const {log, events} = context;
  const senders = derive(context.addresses ?? noSenders, addresses => new Set(addresses));
  let storing = 0;
  let isNationalTold = false;

  return {handle};

  async function handle(pdu: Pdu, link: Bringing) {
    if (storing >= settings().options.inboundWindow) return {status: status.temporaryAppError};
    storing += 1;
    try {
      return await store(pdu.fields, link);
    } catch (error) {
      log.warn('smpp.not_stored', {command: pdu.command, why: error instanceof Error ? error.name : 'unknown'});
      return {status: status.temporaryAppError};
    } finally {
      storing -= 1;
    }
  }

  function store(fields: Fields, link: Bringing) {
    const kind = toKind(fields, settings().options.receiptsByContent);
    if (kind === 'receipt') return storeReceipt(fields, {});
    if (kind === 'wordsOfReceipt') return storeReceipt(fields, toOnlyTo(fields));
    if (kind === 'inbound') return storeText(fields, link);
    log.info('smpp.acknowledgement', {esmClass: numberField(fields, 'esm_class') ?? 0});
    return {status: status.ok};
  }

  async function storeText(fields: Fields, {answered, isAwaited}: Bringing) {
    const {options, decoding} = settings();
    const reading = readInbound(fields, {
      account: context.name,
      plusPrefix: options.inboundPlusPrefix,
      country: options.countryCode,
      rules: decoding,
      receivedAt: context.now(),
    });
    tellNational(fields);
    const {fingerprint} = reading.event;
    const answer =
      reading.kind === 'whole' ? await events.inbound({...reading.event, isAwaited}) : await events.part(reading.event);
    if (answer === 'unroutable' && options.unroutable !== 'accept') {
      return {status: options.unroutable === 'refuse' ? status.invalidDestination : status.temporaryAppError};
    }
    return {status: status.ok, flushed: () => answered(fingerprint ?? '')};
  }

  function tellNational(fields: Fields): void {
    if (isNationalTold || settings().options.countryCode !== undefined) return;
    isNationalTold = numberField(fields, 'source_addr_ton') === national;
    if (isNationalTold)
      log.warn('smpp.national_number', {advice: 'where its country code is missing, set countryCode'});
  }

  async function storeReceipt(fields: Fields, only: Pick<ReceiptEvent, 'onlyTo'>) {
    const reading = readReceipt(fields, bodyOf(fields));
    const {options, offsetMinutes} = settings();
    const rules = {
      mapping: options.receiptMapping,
      coversMessage: options.receiptCovers === 'message',
      offsetMinutes,
      country: options.countryCode,
      isOurs: (address: string) => senders().has(address),
    };
    const event = {...toReceiptEvent(reading, fields, rules, context.now()), ...only};
    const ours = findOurs(fields, event.phone);
    if (ours !== undefined) {
      const [carrierMessageId] = reading.ids;
      const {messageId, segment, attempt} = ours;
      await events.receipt({
        ...event,
        messageId,
        segment,
        attempt,
        ...(carrierMessageId === undefined ? {} : {carrierMessageId}),
      });
      return {status: status.ok};
    }
    if (reading.ids.length === 0) await storeNameless(event, reading.stat);
    for (const carrierMessageId of reading.ids) {
      const otherId = reading.ids.find(id => id !== carrierMessageId);
      const result = await events.receipt({...event, carrierMessageId, otherId});
      if (result !== 'parked') break;
    }
    return {status: status.ok};
  }

  /** Phone, sender, time and the beginning of the text may still tell whose it is; without a phone nothing does, and what ends nothing is no use. */
  async function storeNameless(event: ReceiptEvent, stat: string): Promise<void> {
    const mayTell = event.phone !== undefined && event.final;
    const result = mayTell ? await events.receipt(event) : 'parked';
    if (result === 'parked') log.warn('receipt.without_id', {stat, kept: mayTell});
  }

  function findOurs(fields: Fields, phone: string | undefined) {
    const reference = numberField(fields, 'user_message_reference');
    return reference === undefined ? undefined : references()?.find(reference, phone);
  }
}

const noSenders = (): readonly string[] => [];

/** SMPP 3.4 5.2.12: bits 5 to 2. Where nothing is flagged, the TLVs of a receipt make one, and then its text. */
function toKind(fields: Fields, byContent: boolean): Kind {
  const type = (numberField(fields, 'esm_class') ?? 0) & 0x3c;
  if (type === 0x04 || type === 0x20) return 'receipt';
  if (type === 0x08 || type === 0x10 || type === 0x18)
    return readReceipt(fields, bodyOf(fields)).ids.length > 0 ? 'receipt' : 'acknowledgement';
  if (fields.receipted_message_id !== undefined && fields.message_state !== undefined) return 'receipt';
  return byContent && looksLikeReceipt(fields, bodyOf(fields)) ? 'wordsOfReceipt' : 'inbound';
}
