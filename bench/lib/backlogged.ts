import {startBenchGateway} from './gateway.ts';
import {createLedger, toPhone} from './ledger.ts';
import {postWebhooks} from './load.ts';
import {startBenchPeers} from './peers.ts';
import {counted} from './purge.ts';

export interface BackloggedOptions {
  /** A store that somebody filled. */
  store: string;
  /** Texts it was given. */
  given: number;
  /** Webhooks for the gateway. */
  count: number;
}

export interface Backlogged {
  /** 200s a second. */
  rate: number;
  /** Resident memory before and after the load. */
  readyBytes: number;
  loadedBytes: number;
}

const settleMs = 2000;
/** So slow that the backlog stays what it is, and everything that sends is at work. */
const slowly = '    messagesPerSecond: 50\n    window: 100';

/** A gateway on such a store: what it takes in, and what memory it needs. Each text is sent, or waits. */
export async function measureBacklog({store, given, count}: BackloggedOptions): Promise<Backlogged> {
  const all = createLedger({first: 0, count: given + count, steps: ['submitted']});
  const answered = createLedger({first: given, count, steps: ['accepted', 'other']});
  const peers = await startBenchPeers({submitted: phone => void all.mark('submitted', phone)});
  const more = {top: 'log: {level: info}\nlimits: {maxOutbound: 100000000}', smsc: slowly};
  const gateway = await startBenchGateway({peers, store, more});
  await new Promise(resolve => setTimeout(resolve, settleMs));
  const readyBytes = gateway.process.residentBytes();
  const from = performance.now();
  await postWebhooks({
    url: gateway.url,
    first: given,
    count,
    connections: 64,
    onAnswer: ({number, status}) => void answered.mark(status === 200 ? 'accepted' : 'other', toPhone(number)),
  });
  const rate = (count * 1000) / (performance.now() - from);
  const loadedBytes = gateway.process.residentBytes();
  answered.check(({accepted, other}) => accepted === 1 && other === 0);
  await gateway.post('/api/pause', {reason: 'bench'});
  await untilStill(async () => counted.parse(await gateway.post('/api/purge', {all: true})).underWay);
  const {waiting} = counted.parse(await gateway.post('/api/purge', {all: true}));
  all.check(({submitted}) => submitted <= 1);
  if (waiting + all.seen('submitted') !== given + count)
    throw new Error(
      `Of ${given + count} texts ${waiting} wait and ${all.seen('submitted')} were sent: the others are lost.`,
    );
  await Promise.all([gateway.stop(), peers.stop()]);
  return {rate, readyBytes, loadedBytes};
}

/** Leases of a process that is no more end by themselves within 10 s. */
async function untilStill(underWay: () => Promise<number>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await underWay()) > 0) {
    if (performance.now() > deadline) throw new Error('What is under way does not end within a minute.');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
