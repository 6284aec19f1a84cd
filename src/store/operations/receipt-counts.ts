import {toNotation} from '../../core/carrier-id.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import {noReceipts, type ReceiptCounts} from '../receipt-counts.ts';
import type {SegmentRow} from '../rows.ts';
import {parkedNow} from '../sql-parked.ts';
import {type Db, rows, type Work} from '../work.ts';

export function* receiptCounts(db: Db): Work<ReceiptCounts[]> {
  const all = new Map(db.ledger.receipts.counted().map(counts => [counts.carrier, counts]));
  const parked = yield* rows<{carrier: string; parked: number}>(parkedNow);
  for (const each of parked) {
    all.set(each.carrier, {...(all.get(each.carrier) ?? noReceipts(each.carrier)), parked: each.parked});
  }
  return [...all.values()];
}

/** How this receipt found its segment. */
export function countMatch({ledger}: Db, segment: SegmentRow, {carrierMessageId: told, messageId}: ReceiptEvent): void {
  const {carrier, carrier_message_id: answered} = segment;
  const notation = answered === null || told === undefined ? undefined : toNotation(answered, told);
  if (notation !== undefined) ledger.receipts.add(carrier, notation);
  else if (messageId === undefined) ledger.receipts.add(carrier, 'byFacts');
}
