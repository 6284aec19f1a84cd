import {isPhone} from '../../core/address.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import type {SentSegment} from '../carrier.ts';
import {toNumbering} from './address.ts';
import {type Fields, numberField, type Pdu} from './codec.ts';
import {toReceiptEvent} from './receipt/event.ts';
import {toMeaning, toStat} from './receipt/words.ts';
import {status} from './status.ts';
import type {SubmitRules} from './wire.ts';

/** The fields of query_sm (SMPP 3.4 4.8.1): the id as the SMSC wrote it, and the sender as it was sent. */
export function toQueryFields(sent: SentSegment, rules: SubmitRules): Fields {
  const source = toNumbering(sent.entry.address, {
    ton: rules.sourceTon,
    npi: rules.sourceNpi,
    plus: rules.outboundPlusPrefix,
  });
  return {
    message_id: sent.carrierMessageId,
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
  };
}

/** What a query_sm_resp says, when it says something final. */
export function toQueryReceipt(pdu: Pdu, sent: SentSegment, receivedAt: number): ReceiptEvent | undefined {
  const state = numberField(pdu.fields, 'message_state');
  if (pdu.command !== 'query_sm_resp' || pdu.status !== status.ok || state === undefined) return undefined;
  const stat = toStat(state, undefined);
  if (!toMeaning(stat).final) return undefined;
  const code = numberField(pdu.fields, 'error_code');
  const err = code === undefined || code === 0 ? undefined : String(code);
  const raw = `query_sm message_state=${state}${err === undefined ? '' : ` error_code=${err}`}`;
  const {about: _, ...event} = toReceiptEvent(
    {ids: [], stat, err, raw},
    {},
    {mapping: undefined, coversMessage: false, offsetMinutes: 0},
    receivedAt,
  );
  const phone = isPhone(sent.outbound.to) ? sent.outbound.to : undefined;
  return {...event, carrierMessageId: sent.carrierMessageId, phone};
}
