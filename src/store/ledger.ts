import {createReceiptLedgers, type ReceiptLedger} from './receipt-counts.ts';

/**
 * What the engine keeps in memory beside the rows: names of queues, how much waits in each, how many outbound jobs live.
 * What an operation enters counts at once for the operations after it, and for good only when its transaction commits.
 */
export interface Ledger {
  maxOutbound: number;
  outbound(): number;
  addOutbound(count: number): void;
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
  /** What people are told of receipts; of no consequence for them. */
  readonly receipts: ReceiptLedger;
  /** The names of the queues that have become ready. */
  commit(): string[];
  rollback(): void;
}

export interface LedgerOptions {
  maxOutbound: number;
  /** Above every fence given out by an earlier process. */
  firstFence: number;
}

export function createLedger(options: LedgerOptions): Ledger {
  const names = new Map<number, string>();
  const ids = new Map<string, number>();
  const waiting = new Map<number, number>();
  let outbound = 0;
  let parked = 0;
  let fence = options.firstFence;
  const receipts = createReceiptLedgers();
  let entered = begin();

  function begin() {
    const waitingNow = new Map<number, number>();
    return {
      outbound: 0,
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
    maxOutbound: options.maxOutbound,
    outbound: () => outbound + entered.outbound,
    addOutbound: count => {
      entered.outbound += count;
    },
    waiting: queue => (waiting.get(queue) ?? 0) + (entered.waiting.get(queue) ?? 0),
    addWaiting: (queue, count) => {
      entered.waiting.set(queue, (entered.waiting.get(queue) ?? 0) + count);
    },
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
    get receipts() {
      return entered.receipts;
    },
    commit: () => {
      outbound += entered.outbound;
      parked += entered.parked;
      for (const [queue, count] of entered.waiting) waiting.set(queue, (waiting.get(queue) ?? 0) + count);
      entered.receipts.commit();
      const ready = [...entered.ready].map(id => names.get(id) ?? '');
      clear();
      return ready;
    },
    rollback: () => {
      for (const id of entered.queues) {
        ids.delete(names.get(id) ?? '');
        names.delete(id);
      }
      clear();
    },
  };
}
