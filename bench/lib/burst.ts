import {createBalancer} from '../../test/helpers/replicas/balancer.ts';
import {type BenchGateway, startBenchGateway} from './gateway.ts';
import {createLedger, type Ledger, toPhone, untilSeen} from './ledger.ts';
import {type Answer, clock, postAtRate, postWebhooks} from './load.ts';
import {moreChannels, startPreciseBenchPeers} from './peers.ts';
import {purgeRest} from './purge.ts';
import {toMostInSecond, toPercentile} from './report.ts';

export interface BurstOptions {
  name: string;
  /** A fresh SQLite file unless given. */
  store?: string;
  replicas: number;
  /** Bulk webhooks a round. */
  count: number;
  rounds: number;
  /** What the account allows. */
  ratePerSecond: number;
  /** Interactive webhooks. */
  dripPerSecond: number;
  /** How long they come alone, to compare with. */
  idleSeconds: number;
  /** From the last webhook of the burst to the pause. */
  drainSeconds: number;
  connections: number;
}

export interface Burst {
  /** Bulk 200s a second. */
  taken: number;
  /** 5XX of the burst and of the interactive ones beside it. */
  refused: number;
  /** ms, as the others of webhooks and of accepted→submitted. */
  webhookP50: number;
  webhookP999: number;
  idleP99: number;
  dripP99: number;
  /** submit_sm a second between the end of the burst and the pause. */
  drained: number;
  drainRatio: number;
  mostInSecond: number;
  /** How far that is above the allowed rate; 0: never. */
  overshoot: number;
  /** How long the SMSC's own thread was away at most: what came meanwhile looks so much later, and may look like an overshoot. */
  awayMs: number;
  /** Texts that waited at the pause. */
  purged: number;
  pausedMs: number;
}

export interface BurstSystem {
  name: string;
  run(round: number, tell: (step: string) => void): Promise<Burst>;
  stop(): Promise<void>;
}

const steps = ['accepted', 'submitted', 'delivered', 'failed', 'other'] as const;
type Texts = Ledger<(typeof steps)[number]>;
const [bulk = ''] = moreChannels;
/** Interactive texts have numbers of their own, far from the burst's. */
const firstDrip = 8_000_000;
const mostDrips = 100_000;
/** A process that has just started is slower: that is not asked here. */
const warmUpSeconds = 10;

export async function startBurst(options: BurstOptions): Promise<BurstSystem> {
  const {name, store, replicas, count, rounds, ratePerSecond} = options;
  const bulkTexts: Texts = createLedger({first: 0, count: count * rounds, steps});
  const dripTexts: Texts = createLedger({first: firstDrip, count: mostDrips, steps});
  const submittedAt = new Map<number, number>();
  const submits: number[] = [];
  let awayMs = 0;
  const mark = (step: (typeof steps)[number], phone: string) =>
    bulkTexts.mark(step, phone) ?? dripTexts.mark(step, phone);
  const peers = await startPreciseBenchPeers({
    away(ms) {
      awayMs = Math.max(awayMs, ms);
    },
    submitted(phone, at) {
      submits.push(at);
      const number = mark('submitted', phone);
      if (number !== undefined && number >= firstDrip) submittedAt.set(number, at);
    },
    receipt: (phone, status) =>
      void mark(status === 'Delivered' ? 'delivered' : status === 'Failed' ? 'failed' : 'other', phone),
  });
  const balancer = await createBalancer();
  const gateways: BenchGateway[] = [];
  for (let number = 0; number < replicas; number += 1) {
    const smsc = `    messagesPerSecond: ${ratePerSecond}\n    window: 100`;
    const serves = [{id: bulk, carriers: ['smsc-a'], priority: 'bulk'}] as const;
    const more = {smsc, top: 'log: {level: info}\nlimits: {maxOutbound: 10000000}'};
    const gateway = await startBenchGateway({peers, ...(store && {store}), serves, binds: replicas, more});
    gateways.push(gateway);
    balancer.add(Number(new URL(gateway.url).port));
  }
  let drips = 0;

  /** Interactive webhooks until told to end; how long each 200 had to wait for its submit_sm. */
  async function drip(isOver: () => boolean, onAnswer: (answer: Answer) => void): Promise<number[]> {
    const answeredAt = new Map<number, number>();
    const first = firstDrip + drips;
    await postAtRate({
      url: balancer.url,
      first,
      count: mostDrips - drips,
      connections: 64,
      ratePerSecond: options.dripPerSecond,
      isOver,
      onAnswer(answer) {
        drips += 1;
        if (answer.status === 200) answeredAt.set(answer.number, answer.at);
        dripTexts.mark(answer.status === 200 ? 'accepted' : 'other', toPhone(answer.number));
        onAnswer(answer);
      },
    });
    for (const step of ['delivered', 'submitted'] as const)
      await untilSeen(() => dripTexts.seen(step), dripTexts.seen('accepted'), `interactive texts were ${step}`);
    return [...answeredAt].map(([number, at]) => Math.max(0, (submittedAt.get(number) ?? Number.NaN) - at));
  }

  function dripFor(seconds: number): Promise<number[]> {
    const end = clock() + seconds * 1000;
    return drip(
      () => clock() > end,
      () => {},
    );
  }

  async function takeBurst(round: number, onAnswer: (answer: Answer) => void): Promise<void> {
    await postWebhooks({
      url: balancer.url,
      first: round * count,
      count,
      connections: options.connections,
      channels: [bulk],
      onAnswer(answer) {
        bulkTexts.mark(answer.status === 200 ? 'accepted' : 'other', toPhone(answer.number));
        onAnswer(answer);
      },
    });
  }

  function check(round: number): void {
    bulkTexts.check(
      ({accepted, submitted, delivered, failed, other}) =>
        accepted + other === 1 && (other === 1 || (delivered === submitted && submitted + failed === 1)),
      (round + 1) * count,
    );
    dripTexts.check(
      ({accepted, submitted, delivered, failed}) => accepted === submitted && submitted === delivered && failed === 0,
      drips,
    );
  }

  async function run(round: number, tell: (step: string) => void): Promise<Burst> {
    submits.length = 0;
    awayMs = 0;
    if (round === 0) {
      tell(`warming up, ${warmUpSeconds} s`);
      await dripFor(warmUpSeconds);
    }
    tell(`interactive texts alone, ${options.idleSeconds} s`);
    const idle = await dripFor(options.idleSeconds);

    tell(`${count} bulk webhooks`);
    const tookMs: number[] = [];
    let [refused, over] = [0, false];
    const refuse = ({status}: Answer) => (refused += status >= 500 ? 1 : 0);
    const dripping = drip(() => over, refuse);
    const burstAt = clock();
    await takeBurst(round, answer => {
      tookMs.push(answer.ms);
      refuse(answer);
    });
    const takenSeconds = (clock() - burstAt) / 1000;

    tell(`draining, ${options.drainSeconds} s`);
    const [drainAt, before] = [clock(), submits.length];
    await new Promise(resolve => setTimeout(resolve, options.drainSeconds * 1000));
    const drained = ((submits.length - before) * 1000) / (clock() - drainAt);
    over = true;
    const rest = await purgeRest(gateways, bulk);
    tell(`counting ${rest.purged} purged texts`);
    const dripWaits = await dripping;
    const ended = () => bulkTexts.seen('delivered') + bulkTexts.seen('failed');
    await untilSeen(ended, bulkTexts.seen('accepted'), 'receipts of bulk texts came');
    await untilSeen(() => bulkTexts.seen('submitted'), bulkTexts.seen('delivered'), 'submit_sm came');
    check(round);

    const mostInSecond = toMostInSecond(submits);
    return {
      taken: tookMs.length / takenSeconds,
      refused,
      webhookP50: toPercentile(tookMs, 0.5),
      webhookP999: toPercentile(tookMs, 0.999),
      idleP99: toPercentile(idle, 0.99),
      dripP99: toPercentile(dripWaits, 0.99),
      drained,
      drainRatio: drained / ratePerSecond,
      mostInSecond,
      overshoot: Math.max(0, mostInSecond - ratePerSecond),
      awayMs,
      ...rest,
    };
  }

  return {
    name,
    run,
    async stop() {
      await Promise.all([...gateways.map(gateway => gateway.stop()), peers.stop(), balancer.stop()]);
      check(rounds - 1);
    },
  };
}
