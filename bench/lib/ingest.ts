import {made} from '../../src/sandbox/peers.ts';
import {type BenchGatewayOptions, startBenchGateway} from './gateway.ts';
import {createLedger, toPhone, untilSeen} from './ledger.ts';
import {postWebhooks} from './load.ts';
import {startBenchPeers} from './peers.ts';
import {purged} from './purge.ts';
import {toPercentile} from './report.ts';
import {warmUps} from './rounds.ts';

export interface IngestOptions extends Pick<BenchGatewayOptions, 'fsyncDelayMs' | 'profileTo'> {
  name: string;
  count: number;
  rounds: number;
  connections: number;
}

export interface Ingested {
  /** Durable 200s a second. */
  rate: number;
  p50: number;
  p99: number;
  p999: number;
  /** A text, as are the next three. */
  cpuUs: number;
  /** The event loop's part of it. */
  loopUs: number;
  commits: number;
  fsyncs: number | undefined;
}

/** A gateway that only takes in: its sending is paused, and what a round brought is purged after it. */
export async function startIngest({name, count, rounds, connections, ...rest}: IngestOptions) {
  const ledger = createLedger({first: 0, count: count * (warmUps + rounds), steps: ['accepted', 'failed', 'other']});
  const peers = await startBenchPeers({
    submitted: phone => void ledger.mark('other', phone),
    receipt: (phone, status) => void ledger.mark(status === 'Failed' ? 'failed' : 'other', phone),
  });
  const gateway = await startBenchGateway({peers, ...rest});
  const filter = {channel: made.smppChannel, reason: 'bench'};
  await gateway.post('/api/pause', filter);

  async function take(first: number): Promise<Ingested> {
    const tookMs: number[] = [];
    const before = {
      commits: await gateway.commits(),
      fsyncs: gateway.fsyncs() ?? 0,
      cpuUs: gateway.process.cpuUs(),
      loopUs: gateway.process.loopUs(),
      at: performance.now(),
    };
    await postWebhooks({
      url: gateway.url,
      first,
      count,
      connections,
      onAnswer({number, status, ms}) {
        tookMs.push(ms);
        ledger.mark(status === 200 ? 'accepted' : 'other', toPhone(number));
      },
    });
    const seconds = (performance.now() - before.at) / 1000;
    const [cpuUs, loopUs] = [gateway.process.cpuUs() - before.cpuUs, gateway.process.loopUs() - before.loopUs];
    const fsyncs = gateway.fsyncs();
    const commits = (await gateway.commits()) - before.commits;
    return {
      rate: count / seconds,
      p50: toPercentile(tookMs, 0.5),
      p99: toPercentile(tookMs, 0.99),
      p999: toPercentile(tookMs, 0.999),
      cpuUs: cpuUs / count,
      loopUs: loopUs / count,
      commits: commits / count,
      fsyncs: fsyncs === undefined ? undefined : (fsyncs - before.fsyncs) / count,
    };
  }

  function check(upTo: number): void {
    ledger.check(({accepted, failed, other}) => accepted === 1 && failed === 1 && other === 0, upTo);
  }

  return {
    name,
    async run(round: number): Promise<Ingested> {
      const first = round * count;
      const ingested = await take(first);
      const told = purged.parse(await gateway.post('/api/purge', {...filter, confirm: true}));
      if (told.purged !== count) throw new Error(`Of ${count} texts answered 200 the store held ${told.purged}.`);
      await untilSeen(() => ledger.seen('failed'), first + count, `receipts of ${name} came`);
      check(first + count);
      return ingested;
    },
    async stop(): Promise<void> {
      await Promise.all([gateway.stop(), peers.stop()]);
      check(count * (warmUps + rounds));
    },
  };
}
