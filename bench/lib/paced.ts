import {type BenchGatewayOptions, startBenchGateway} from './gateway.ts';
import {createLedger, toPhone, untilSeen} from './ledger.ts';
import {type Answer, postAtRate, postWebhooks} from './load.ts';
import {startPreciseBenchPeers} from './peers.ts';
import {toPercentile} from './report.ts';

export interface PacedOptions extends Pick<BenchGatewayOptions, 'fsyncDelayMs' | 'profileTo'> {
  name: string;
  /** Texts to saturate it with. */
  count: number;
}

export interface Latencies {
  /** Webhooks a second. */
  rate: number;
  /** ms, as all that follow. */
  webhookP50: number;
  webhookP99: number;
  webhookP999: number;
  submitP50: number;
  submitP99: number;
  submitP999: number;
}

const steps = ['accepted', 'submitted', 'delivered', 'other'] as const;
const connections = 64;
/** More than are ever under way at half the rate: what queues up in the gateway must not queue up before it. */
const pacedConnections = 512;

/** A gateway that is first saturated, then given a rate of its own. */
export async function startPaced({name, count, ...rest}: PacedOptions) {
  let first = 0;
  let ledger = createLedger({first, count, steps});
  let submittedAt = new Float64Array(count);
  const peers = await startPreciseBenchPeers({
    submitted(phone, at) {
      const number = ledger.mark('submitted', phone);
      if (number !== undefined) submittedAt[number - first] = at;
    },
    receipt: (phone, status) => void ledger.mark(status === 'Delivered' ? 'delivered' : 'other', phone),
  });
  const gateway = await startBenchGateway({peers, ...rest});

  function begin(texts: number): void {
    first += submittedAt.length;
    ledger = createLedger({first, count: texts, steps});
    submittedAt = new Float64Array(texts);
  }

  function onAnswer({number, status}: Answer): void {
    ledger.mark(status === 200 ? 'accepted' : 'other', toPhone(number));
  }

  async function finish(texts: number): Promise<void> {
    await untilSeen(() => ledger.seen('delivered'), texts, `receipts of ${name} came`);
    await untilSeen(() => ledger.seen('submitted'), texts, 'submit_sm came');
    ledger.check(
      ({accepted, submitted, delivered, other}) => accepted === 1 && submitted === 1 && delivered === 1 && other === 0,
    );
  }

  /** Once to warm up, once that counts. Texts a second through the whole path. */
  async function saturate(): Promise<number> {
    let rate = 0;
    for (let times = 0; times < 2; times += 1) {
      begin(count);
      const from = performance.now();
      await postWebhooks({url: gateway.url, first, count, connections, onAnswer});
      await finish(count);
      rate = (count / (performance.now() - from)) * 1000;
    }
    return rate;
  }

  async function run(ratePerSecond: number, seconds: number): Promise<Latencies> {
    const texts = Math.max(1, Math.round(ratePerSecond * seconds));
    begin(texts);
    const [tookMs, answeredAt] = [new Float64Array(texts), new Float64Array(texts)];
    await postAtRate({
      url: gateway.url,
      first,
      count: texts,
      connections: pacedConnections,
      ratePerSecond,
      onAnswer(answer) {
        onAnswer(answer);
        tookMs[answer.number - first] = answer.ms;
        answeredAt[answer.number - first] = answer.at;
      },
    });
    await finish(texts);
    const webhook = [...tookMs];
    const submit = [...submittedAt].map((at, index) => Math.max(0, at - (answeredAt[index] ?? 0)));
    return {
      rate: ratePerSecond,
      webhookP50: toPercentile(webhook, 0.5),
      webhookP99: toPercentile(webhook, 0.99),
      webhookP999: toPercentile(webhook, 0.999),
      submitP50: toPercentile(submit, 0.5),
      submitP99: toPercentile(submit, 0.99),
      submitP999: toPercentile(submit, 0.999),
    };
  }

  return {
    name,
    saturate,
    run,
    async stop(): Promise<void> {
      await Promise.all([gateway.stop(), peers.stop()]);
    },
  };
}
