import {platformOf} from '../../core/queue.ts';
import {anyLane} from '../lanes.ts';
import {add, type Ledger, type OutboundBounds, sum} from '../ledger.ts';
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
  /** Outbound jobs of each platform in the rows of others. */
  setOthers(outbound: ReadonlyMap<string, number>): void;
  /** Under a new name, what this replica has counted so far is another's. */
  renew(): void;
}

export interface Change {
  queue: number;
  waiting: number;
  outbound: number;
}

/** Under a number no queue has stands what is no platform's own. */
const unnamed = 0;

export function createShared(bounds: OutboundBounds): Shared {
  const names = new Map<number, string>();
  const ids = new Map<string, number>();
  const anyQueue = new Map<string, number>();
  const receiptLedgers = createReceiptLedgers();
  let own = new Map<string, number>();
  let others: ReadonlyMap<string, number> = new Map();

  /** A platform's jobs are counted with any queue of it: what moves between its queues stays one of it. */
  function queueOf(platform: string): number {
    const known = anyQueue.get(platform);
    if (known !== undefined && names.has(known)) return known;
    const [, found = unnamed] = [...ids].find(([name]) => platformOf(name) === platform) ?? [];
    anyQueue.set(platform, found);
    return found;
  }

  function begin(): ReturnType<Shared['begin']> {
    const named: number[] = [];
    const waiting = new Map<number, number>();
    const ready = new Set<number>();
    const receipts = receiptLedgers.begin();
    const outbound = new Map<string, number>();

    return {
      bounds,
      receipts,
      outbound: () => sum(own) + sum(others) + sum(outbound),
      outboundOf: platform => (own.get(platform) ?? 0) + (others.get(platform) ?? 0) + (outbound.get(platform) ?? 0),
      addOutbound: (count, platform) => add(outbound, platform, count),
      waiting: queue => waiting.get(queue) ?? 0,
      addWaiting: (queue, count) => add(waiting, queue, count),
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
      nextEvent: () => null,
      lanes: anyLane,
      changes: () => toChanges(waiting, new Map([...outbound].map(([platform, count]) => [queueOf(platform), count]))),
      commit: () => {
        for (const [platform, count] of outbound) add(own, platform, count);
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
      const all = new Map(others);
      for (const [platform, count] of own) add(all, platform, count);
      others = all;
      own = new Map();
    },
  };
}

function toChanges(waiting: ReadonlyMap<number, number>, outbound: ReadonlyMap<number, number>): Change[] {
  const queues = new Set([...waiting.keys(), ...outbound.keys()]);
  const changes = [...queues].map(queue => {
    return {queue, waiting: waiting.get(queue) ?? 0, outbound: outbound.get(queue) ?? 0};
  });
  return changes.filter(change => change.waiting !== 0 || change.outbound !== 0);
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
