import type {IdNotation} from '../core/carrier-id.ts';

/** Of one carrier: what waits now in the store, and what this process has seen of receipts since it began. */
export interface ReceiptCounts {
  carrier: string;
  /** Waiting for a segment they fit, at present, over all replicas. */
  parked: number;
  /** Parked first, matched when the answer brought the id. */
  matchedLate: number;
  /** Given up: nothing they fitted came in time. */
  orphaned: number;
  /** No id of ours in them: recognised by phone, sender, time and text. */
  byFacts: number;
  /** How the ids of matched ones were written, compared with the answers'. */
  notations: Record<IdNotation, number>;
}

export type ReceiptCount = 'matchedLate' | 'orphaned' | 'byFacts' | IdNotation;

/** What a transaction adds counts once it commits. */
export interface ReceiptLedger {
  add(carrier: string, what: ReceiptCount, count?: number): void;
  /** Committed ones. */
  counted(): ReceiptCounts[];
  commit(): void;
}

export function createReceiptLedgers(): {begin(): ReceiptLedger} {
  const known = new Map<string, ReceiptCounts>();

  function begin(): ReceiptLedger {
    const entered: Array<{carrier: string; what: ReceiptCount; count: number}> = [];
    return {
      add: (carrier, what, count = 1) => void entered.push({carrier, what, count}),
      counted: () => [...known.values()],
      commit() {
        for (const {carrier, what, count} of entered)
          known.set(carrier, addTo(known.get(carrier), carrier, what, count));
      },
    };
  }

  return {begin};
}

export function noReceipts(carrier: string): ReceiptCounts {
  const notations = {exact: 0, caseOrZeros: 0, hexToDecimal: 0, decimalToHex: 0};
  return {carrier, parked: 0, matchedLate: 0, orphaned: 0, byFacts: 0, notations};
}

function addTo(counts = noReceipts(''), carrier: string, what: ReceiptCount, count: number): ReceiptCounts {
  const all = {...counts, carrier, notations: {...counts.notations}};
  if (what === 'matchedLate' || what === 'orphaned' || what === 'byFacts') all[what] += count;
  else all.notations[what] += count;
  return all;
}
