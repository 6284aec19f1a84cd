import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Peers, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import type {SmscEvent} from '../../../src/sandbox/smsc.ts';
import type {PretendTwilioEvent} from '../../../src/sandbox/twilio.ts';
import {createFront} from '../front.ts';
import {type Exit, fillCache} from '../gateway-process.ts';
import {until} from '../until.ts';
import {writeToPhones} from './agents.ts';
import {clock} from './clock.ts';
import {type Evidence, eventsOf} from './evidence.ts';
import {writeFromPhones} from './phones.ts';
import {createPromises, type Promises} from './promises.ts';
import {toLoud, untilNone} from './quiet.ts';
import {createRandom} from './random.ts';
import {createReadBack, type Known, type ReadBack} from './read-back.ts';
import {createRuns} from './runs.ts';
import {serialOf} from './texts.ts';
import {startWeather} from './weather.ts';

export interface StormOptions {
  seed: number;
  /** How often the process is ended, and how. */
  times: number;
  signal: 'SIGKILL' | 'SIGTERM';
  /** Each lives until at most so many submissions and posts were seen of it. */
  mostProgress: number;
  /** How many of one are ended while they start. */
  whileStarting: number;
  /** For everything after the last end: the rest of the stream, and until all is quiet. */
  quietWithinMs: number;
}

export interface Storm extends Evidence {
  deadLetters: ReadonlyArray<{messageId: string; reason: string}>;
  /** Log lines of level error, of all processes. */
  faults: readonly string[];
  /** How the last process ended when it was asked to. */
  lastExit: Exit | undefined;
}

const smscLatencyMs = 40;
/** Beyond the ids that mean another message in another notation. */
const firstId = 0x5a00_0000;

/** The real process under a stream both ways, ended again and again and started on the same store; then what both sides know once all is quiet. */
export async function runStorm(t: ExecutionContext, options: StormOptions): Promise<Storm> {
  const random = createRandom(options.seed);
  const promises = createPromises();
  const listening = createListening(promises);
  const peers = await startPeers(listening.peersOptions);
  const front = await createFront();
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const configPath = join(folder, 'gateway.yaml');
  const ports = {publicUrl: front.url, publicPort: 0, managementPort: 0};
  const file = toGatewayFile({peers, ...ports, store: `sqlite:${join(folder, 'gateway.db')}`, more: fast});
  writeFileSync(configPath, file.replace('[twilio-main]', '[{carrier: twilio-main, messagesPerSecond: 1000}]'));
  const cacheFolder = join(folder, 'compiled');
  await fillCache(cacheFolder);
  const runs = createRuns({...options, configPath, cacheFolder, front, random, progress: () => countArrivals(peers)});
  const endWeather = startWeather(peers, random);
  const ended = new AbortController();
  t.teardown(async () => {
    ended.abort();
    endWeather();
    await runs.end('SIGKILL').catch(error => t.log(String(error)));
    await Promise.all([peers.stop(), front.stop()]);
    rmSync(folder, {recursive: true, force: true});
  });

  let over = false;
  const traffic = {
    peers,
    url: front.url,
    promises,
    random,
    isOver: () => over || ended.signal.aborted,
    signal: ended.signal,
  };
  const stream = Promise.all([writeToPhones(traffic), writeFromPhones(traffic)]);
  for (let time = 0; time < options.times; time += 1) await runs.startAndEnd();
  const {managementPort} = await runs.start();
  over = true;
  await within('the stream to end', stream, options.quietWithinMs);
  const readBack = createReadBack(managementPort);
  await untilNone(
    async () => [...listening.loud(peers.smsc.submits), ...(await readBack.busy())],
    options.quietWithinMs,
  );
  const {receipted, calledBack} = listening;
  const common = {promises, runs: runs.all, peers, receipted: new Set(receipted), calledBack: new Map(calledBack)};
  const known = await readSettled(readBack, options.quietWithinMs);
  const deadLetters = await readBack.deadLetters();
  const lastExit = await runs.end('SIGTERM');
  return {...common, ...known, deadLetters, faults: runs.faults(), lastExit};
}

function countArrivals({smsc, twilio, nexus}: Peers): number {
  return smsc.submits.length + twilio.messages.length + nexus.messages.length + nexus.receipts.length;
}

/** Machines answer each other here, and are to. */
const busy = '    loopGuard: {enabled: false}';
const fast = {smsc: '    messagesPerSecond: 500', smppChannel: busy, twilioChannel: busy};

/** What the pretend carriers were answered. */
function createListening({failing}: Promises) {
  const receipted = new Set<string>();
  const calledBack = new Map<string, string>();
  let heardAt = 0;
  let ids = firstId;
  const newMessageId = () => {
    ids += 1;
    return ids.toString(16);
  };

  return {
    receipted,
    calledBack,
    loud: (submits: Parameters<typeof toLoud>[0]) => toLoud(submits, receipted, heardAt),
    peersOptions: {
      smsc: {
        latencyMs: smscLatencyMs,
        newMessageId,
        receipts: ({text}: {text: string}) =>
          failing.has(serialOf(text)) ? ('UNDELIV' as const) : ('DELIVRD' as const),
        onEvent(event: SmscEvent) {
          if (event.event === 'receipt' && event.answer === 0) receipted.add(event.messageId);
        },
      },
      twilio: {
        onEvent(event: PretendTwilioEvent) {
          heardAt = clock();
          if (event.event !== 'called-back' || !finals.includes(event.status)) return;
          if (event.answer.status >= 200 && event.answer.status < 300) calledBack.set(event.message.sid, event.status);
        },
      },
    },
  };
}

const finals: readonly string[] = ['delivered', 'undelivered', 'failed'];

/** What has been told by the API once every receipt that is owed was posted too. */
async function readSettled(readBack: ReadBack, deadlineMs: number): Promise<Pick<Evidence, 'outbound' | 'inbound'>> {
  const outbound = await until('all receipts to be posted', () => readPosted(readBack), deadlineMs);
  return {outbound, inbound: await readBack.all('inbound')};
}

async function readPosted(readBack: ReadBack): Promise<Known[] | undefined> {
  const outbound = await readBack.all('outbound');
  const owed = outbound.filter(known => known.state === 'delivered' || known.state === 'failed');
  return owed.every(known => eventsOf(known, 'posted', {of: 'receipt'}).length > 0) ? outbound : undefined;
}

async function within(what: string, promise: Promise<unknown>, ms: number): Promise<void> {
  let isDone = false;
  const done = promise.then(() => {
    isDone = true;
  });
  await Promise.race([done, until(what, () => isDone, ms)]);
}

/** Given as CRASH_SEED, or any. */
export function toSeed(): number {
  const given = Number(process.env.CRASH_SEED ?? Number.NaN);
  return Number.isInteger(given) ? given : Math.floor(Math.random() * 2 ** 32);
}
