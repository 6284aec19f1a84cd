import {type BenchGateway, type BenchGatewayOptions, startBenchGateway} from './gateway.ts';
import {createLedger, toPhone, untilSeen} from './ledger.ts';
import {postWebhooks} from './load.ts';
import {startBenchPeers} from './peers.ts';
import {type Rival, warmUps} from './rounds.ts';

export interface PathRival extends Rival {
  gateway: BenchGateway;
  stop(): Promise<void>;
}

export interface PathOptions extends Omit<BenchGatewayOptions, 'peers'> {
  name: string;
  count: number;
  rounds: number;
  connections: number;
  /** In turn. */
  channels?: readonly string[];
  /** Callbacks of the carrier for each text; each must be answered 204. */
  callbacks?: number;
}

/** A gateway between its own peers; one round is so many texts from the webhook to the receipt Nexus took. */
export async function startPath({
  name,
  count,
  rounds,
  connections,
  channels,
  ...rest
}: PathOptions): Promise<PathRival> {
  const {callbacks = 0, ...options} = rest;
  const ledger = createLedger({
    first: 0,
    count: count * (warmUps + rounds),
    steps: ['accepted', 'submitted', 'called back', 'delivered', 'other'],
  });
  const peers = await startBenchPeers({
    submitted: phone => void ledger.mark('submitted', phone),
    calledBack: (phone, _status, answer) => void ledger.mark(answer === 204 ? 'called back' : 'other', phone),
    receipt: (phone, status) => void ledger.mark(status === 'Delivered' ? 'delivered' : 'other', phone),
  });
  const gateway = await startBenchGateway({peers, ...options});

  function check(upTo: number): void {
    ledger.check(
      times =>
        times.accepted === 1 &&
        times.submitted === 1 &&
        times.delivered === 1 &&
        times['called back'] === callbacks &&
        times.other === 0,
      upTo,
    );
  }

  return {
    name,
    gateway,
    async run(round) {
      const first = round * count;
      await postWebhooks({
        url: gateway.url,
        first,
        count,
        connections,
        ...(channels && {channels}),
        onAnswer: ({number, status}) => void ledger.mark(status === 200 ? 'accepted' : 'other', toPhone(number)),
      });
      await untilSeen(() => ledger.seen('delivered'), first + count, `receipts of ${name} came`);
      await untilSeen(
        () => ledger.total('called back'),
        (first + count) * callbacks,
        `callbacks to ${name} were answered`,
      );
      check(first + count);
    },
    cpuUs: gateway.process.cpuUs,
    loopUs: gateway.process.loopUs,
    residentBytes: gateway.process.residentBytes,
    async stop() {
      await Promise.all([gateway.stop(), peers.stop()]);
      check(count * (warmUps + rounds));
    },
  };
}
