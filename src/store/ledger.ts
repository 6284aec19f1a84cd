import {createLanes, type KnownLanes} from './lanes.ts';
import {createReceiptLedgers, type ReceiptLedger} from './receipt-counts.ts';

/**
 * What the engine keeps in memory beside the rows: names of queues, how much waits in each, how many outbound jobs live.
 * What an operation enters counts at once for the operations after it, and for good only when its transaction commits.
 */
export interface Ledger {
  readonly bounds: OutboundBounds;
  outbound(): number;
  /** Those of one platform among them. */
  outboundOf(platform: string): number;
  addOutbound(count: number, platform: string): void;
  /** Unclaimed jobs of a queue. */
  waiting(queue: number): number;
  addWaiting(queue: number, count: number): void;
  /** Receipts that wait for their text; infinite where others park them too. */
  parked(): number;
  addParked(count: number): void;
  queueId(name: string): number | undefined;
  queueName(id: number): string;
  addQueue(id: number, name: string): void;
  queueIds(): number[];
  /** A head of this queue can be claimed now. */
  ready(queue: number): void;
  nextFence(): number;
  /** Where the next event stands among those of its message: after all before; null: the rows tell. */
  nextEvent(): number | null;
  readonly lanes: KnownLanes;
  /** What people are told of receipts; of no consequence for them. */
  readonly receipts: ReceiptLedger;
  /** The names of the queues that have become ready. */
  commit(): string[];
  rollback(): void;
}

/** How many outbound jobs there may be; each platform has a bound of its own within the bound of all. */
export interface OutboundBounds {
  maxOutbound: number;
  maxOutboundPerPlatform: number;
}

export interface LedgerOptions {
  bounds: OutboundBounds;
  /** Above every fence and every event's number given out by an earlier process. */
  first: number;
}

export function createLedger(options: LedgerOptions): Ledger {
  const names = new Map<number, string>();
  const ids = new Map<string, number>();
  const waiting = new Map<number, number>();
  const outbound = new Map<string, number>();
  let parked = 0;
  let fence = options.first;
  let event = options.first;
  const lanes = createLanes();
  const receipts = createReceiptLedgers();
  let entered = begin();

  function begin() {
    const waitingNow = new Map<number, number>();
    return {
      outbound: new Map<string, number>(),
      parked: 0,
      waiting: waitingNow,
      queues: [] as number[],
      ready: new Set<number>(),
      receipts: receipts.begin(),
    };
  }

  function clear(): void {
    entered = begin();
  }

  return {
    bounds: options.bounds,
    outbound: () => sum(outbound) + sum(entered.outbound),
    outboundOf: platform => (outbound.get(platform) ?? 0) + (entered.outbound.get(platform) ?? 0),
    addOutbound: (count, platform) => add(entered.outbound, platform, count),
    waiting: queue => (waiting.get(queue) ?? 0) + (entered.waiting.get(queue) ?? 0),
    addWaiting: (queue, count) => add(entered.waiting, queue, count),
    parked: () => parked + entered.parked,
    addParked: count => {
      entered.parked += count;
    },
    queueId: name => ids.get(name),
    queueName: id => names.get(id) ?? '',
    addQueue: (id, name) => {
      names.set(id, name);
      ids.set(name, id);
      entered.queues.push(id);
    },
    queueIds: () => [...names.keys()],
    ready: queue => {
      entered.ready.add(queue);
    },
    nextFence: () => fence++,
    nextEvent: () => event++,
    lanes,
    get receipts() {
      return entered.receipts;
    },
    commit: () => {
      for (const [platform, count] of entered.outbound) add(outbound, platform, count);
      parked += entered.parked;
      for (const [queue, count] of entered.waiting) add(waiting, queue, count);
      entered.receipts.commit();
      lanes.commit();
      const ready = [...entered.ready].map(id => names.get(id) ?? '');
      clear();
      return ready;
    },
    rollback: () => {
      for (const id of entered.queues) {
        ids.delete(names.get(id) ?? '');
        names.delete(id);
      }
      lanes.rollback();
      clear();
    },
  };
}

export function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

export function sum(counts: ReadonlyMap<unknown, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
