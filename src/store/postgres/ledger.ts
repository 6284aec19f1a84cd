import type {Ledger} from '../ledger.ts';
import {createReceiptLedgers} from '../receipt-counts.ts';
import {run, type Work} from '../work.ts';

/**
 * What one replica knows of queues and counts. Every transaction adds what it changed to a row of its connection's own, so that nobody waits for a
 * common one; all rows together are the truth. What others did is read again every second.
 */
export interface Shared {
  /** Of messages claimed by this replica. */
  phones: Map<number, string>;
  /** For one transaction. */
  begin(): Ledger & {changes(): Change[]};
  /** Outbound jobs in the rows of others. */
  setOthers(outbound: number): void;
  /** Under a new name, what this replica has counted so far is another's. */
  renew(): void;
}

export interface Change {
  queue: number;
  waiting: number;
  outbound: number;
}

/** Outbound jobs are counted together, under a number no queue has. */
const outboundCount = 0;

export function createShared(maxOutbound: number): Shared {
  const names = new Map<number, string>();
  const ids = new Map<string, number>();
  const receiptLedgers = createReceiptLedgers();
  let own = 0;
  let others = 0;

  function begin(): ReturnType<Shared['begin']> {
    const named: number[] = [];
    const waiting = new Map<number, number>();
    const ready = new Set<number>();
    const receipts = receiptLedgers.begin();
    let outbound = 0;

    return {
      maxOutbound,
      receipts,
      outbound: () => own + others + outbound,
      addOutbound: count => {
        outbound += count;
      },
      waiting: queue => waiting.get(queue) ?? 0,
      addWaiting: (queue, count) => {
        waiting.set(queue, (waiting.get(queue) ?? 0) + count);
      },
      parked: () => Number.POSITIVE_INFINITY,
      addParked: () => undefined,
      queueId: name => ids.get(name),
      queueName: id => names.get(id) ?? '',
      addQueue: (id, name) => {
        if (!names.has(id)) named.push(id);
        names.set(id, name);
        ids.set(name, id);
      },
      queueIds: () => [...names.keys()],
      ready: queue => {
        ready.add(queue);
      },
      nextFence: () => {
        throw new Error('fences are given by the database');
      },
      changes: () => [
        ...[...waiting]
          .filter(([, count]) => count !== 0)
          .map(([queue, count]) => ({queue, waiting: count, outbound: 0})),
        ...(outbound === 0 ? [] : [{queue: outboundCount, waiting: 0, outbound}]),
      ],
      commit: () => {
        own += outbound;
        receipts.commit();
        return [...ready].map(id => names.get(id) ?? '');
      },
      rollback: () => {
        for (const id of named) {
          ids.delete(names.get(id) ?? '');
          names.delete(id);
        }
      },
    };
  }

  return {
    phones: new Map(),
    begin,
    setOthers: outbound => {
      others = outbound;
    },
    renew: () => {
      others += own;
      own = 0;
    },
  };
}

const addCounts = `
  insert into queue_count (replica, writer, queue, waiting, outbound)
  select $1::bigint, $2::bigint, c.queue, c.waiting, c.outbound
  from json_to_recordset($3::json) as c (queue bigint, waiting bigint, outbound bigint)
  on conflict (replica, writer, queue) do update
  set waiting = queue_count.waiting + excluded.waiting, outbound = queue_count.outbound + excluded.outbound`;

export function* writeCounts(replica: number, writer: number, changes: readonly Change[]): Work<void> {
  if (changes.length > 0) yield* run(addCounts, replica, writer, JSON.stringify(changes));
}
