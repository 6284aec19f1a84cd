import {Counter, Gauge, type Registry} from 'prom-client';
import type {ReceiptCounts} from '../store/store.ts';

const prefix = 'nexus_gateway_';

/** How receipts of carriers find their texts. */
export function createReceiptMetrics(registry: Registry): {set(counts: readonly ReceiptCounts[]): void} {
  const registers = [registry];
  const parked = new Gauge({
    name: `${prefix}receipts_parked`,
    help: 'Receipts that wait for the answer to their segment, or fit nothing.',
    labelNames: ['carrier'],
    registers,
  });
  const found = new Counter({
    name: `${prefix}receipts_found_total`,
    help: 'Receipts that were not simply matched: matched late, orphaned, recognised by facts.',
    labelNames: ['carrier', 'how'],
    registers,
  });
  const notations = new Counter({
    name: `${prefix}receipt_ids_total`,
    help: "How matched receipts wrote the id, compared with the answer's.",
    labelNames: ['carrier', 'notation'],
    registers,
  });

  return {
    set(counts) {
      parked.reset();
      found.reset();
      notations.reset();
      for (const {carrier, parked: waiting, notations: seen, matchedLate, orphaned, byFacts} of counts) {
        parked.set({carrier}, waiting);
        for (const [how, count] of Object.entries({matchedLate, orphaned, byFacts})) found.inc({carrier, how}, count);
        for (const [notation, count] of Object.entries(seen)) notations.inc({carrier, notation}, count);
      }
    },
  };
}
