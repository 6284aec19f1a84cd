import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as rest} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type Peers, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import type {SmscEvent} from '../../../src/sandbox/smsc.ts';
import type {PretendTwilioEvent} from '../../../src/sandbox/twilio.ts';
import {startServer} from '../../store/open-postgres.ts';
import {writeToPhones} from '../crash/agents.ts';
import {clock, sleep} from '../crash/clock.ts';
import {type Evidence, eventsOf} from '../crash/evidence.ts';
import {writeFromPhones} from '../crash/phones.ts';
import {createPromises} from '../crash/promises.ts';
import {toLoud, untilNone} from '../crash/quiet.ts';
import {createRandom} from '../crash/random.ts';
import {createReadBack, type Known} from '../crash/read-back.ts';
import type {Run} from '../crash/runs.ts';
import {serialOf} from '../crash/texts.ts';
import {startWeather} from '../crash/weather.ts';
import {fillCache} from '../gateway-process.ts';
import {until} from '../until.ts';
import {createBalancer} from './balancer.ts';
import {type Looks, startLooks} from './looks.ts';
import {createReplica} from './replica.ts';

export interface ReplicaStormOptions {
  seed: number;
  replicas: number;
  /** How long processes are killed, links cut and the database restarted. */
  stormMs: number;
  restarts: number;
  quietWithinMs: number;
}

export interface ReplicaStorm extends Evidence {
  /** The most sessions that were bound at the SMSC at one time. */
  mostBinds: number;
  cuts: number;
  /** Segments at the SMSC, in their order. */
  seen: readonly Seen[];
}

/** A segment was read at `at`, and had come at most `lateMs` before: the SMSC shares its process with the load and with Nexus. */
export interface Seen {
  at: number;
  lateMs: number;
}

export const limits = {binds: 3, messagesPerSecond: 30} as const;

/** About twice what the account may send: it always has some waiting, and they drain in the time of the test. */
const restMs = [50, 300] as const;
const firstId = 0x5a00_0000;
const finals: readonly string[] = ['delivered', 'undelivered', 'failed'];

/** Several replicas on one PostgreSQL under a stream both ways while they are killed, the database is restarted and the SMSC cuts its links. */
export async function runReplicaStorm(t: ExecutionContext, options: ReplicaStormOptions): Promise<ReplicaStorm> {
  const random = createRandom(options.seed);
  const promises = createPromises();
  const looks = startLooks();
  const watch = createWatch(serial => promises.failing.has(serial), looks);
  const server = await startServer();
  const peers = await startPeers(watch.peersOptions);
  const balancer = await createBalancer();
  const folder = mkdtempSync(join(tmpdir(), 'replicas-'));
  const configPath = join(folder, 'gateway.yaml');
  writeFileSync(configPath, toFile(peers, balancer.url, server.newUrl()));
  const cacheFolder = join(folder, 'compiled');
  await fillCache(cacheFolder);
  const runs: Run[] = [];
  const common = {configPath, cacheFolder, balancer, random, runs};
  const replicas = Array.from({length: options.replicas}, () => createReplica(common));
  const endWeather = startWeather(peers, random);
  const ended = new AbortController();
  t.teardown(async () => {
    ended.abort();
    endWeather();
    looks.end();
    await Promise.all(replicas.map(replica => replica.end('SIGKILL')));
    await Promise.all([peers.stop(), balancer.stop()]);
    await server.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  let over = false;
  const {signal} = ended;
  const isOver = () => over || signal.aborted;
  const living = Promise.all(replicas.map(replica => replica.live(isOver)));
  await Promise.race([
    living,
    until('the replicas to be there', () => replicas.every(({ports}) => ports() !== undefined), 120_000),
  ]);
  const stream = [writeToPhones, writeFromPhones].map(write =>
    write({peers, url: balancer.url, promises, random, isOver, signal, restMs}),
  );
  let cuts = 0;
  for (let part = 0; part <= options.restarts; part += 1) {
    const end = clock() + options.stormMs / (options.restarts + 1);
    while (clock() < end) {
      await sleep(random.between(500, 4000));
      peers.smsc.disconnectAll();
      cuts += 1;
    }
    if (part < options.restarts) await server.restart();
  }
  over = true;
  await living;
  await Promise.race([Promise.all(stream), rest(options.quietWithinMs, undefined, {ref: false})]);
  const readBack = createReadBack(replicas[0]?.ports()?.managementPort ?? 0);
  await untilNone(async () => [...watch.loud(peers), ...(await readBack.busy())], options.quietWithinMs);
  const outbound = await until(
    'all receipts to be posted',
    async () => toPosted(await readBack.all('outbound')),
    options.quietWithinMs,
  );
  const inbound = await readBack.all('inbound');
  const exits = await Promise.all(replicas.map(replica => replica.end('SIGTERM')));
  for (const exit of exits) if (exit?.code !== 0) throw new Error(`a replica ended with ${JSON.stringify(exit)}`);
  const {receipted, calledBack, seen} = watch;
  return {promises, runs, peers, receipted, calledBack, outbound, inbound, mostBinds: watch.mostBinds(), cuts, seen};
}

function toFile(peers: Peers, publicUrl: string, store: string): string {
  // Machines answer each other here, and are to.
  const busy = '    loopGuard: {enabled: false}';
  const smsc = `    messagesPerSecond: ${limits.messagesPerSecond}\n    reconnectMax: 1s`;
  const more = {smsc, smppChannel: busy, twilioChannel: busy};
  const file = toGatewayFile({peers, publicUrl, publicPort: 0, managementPort: 0, store, more});
  return file
    .replace('binds: 1', `binds: ${limits.binds}`)
    .replace('[twilio-main]', '[{carrier: twilio-main, messagesPerSecond: 1000}]');
}

/** What the pretend carriers saw. */
function createWatch(isFailing: (serial: number) => boolean, looks: Looks) {
  const seen: Seen[] = [];
  const receipted = new Set<string>();
  const calledBack = new Map<string, string>();
  let heardAt = 0;
  let ids = firstId;
  let bound = 0;
  let mostBinds = 0;
  const open = new Set<number>();

  function onSmsc(event: SmscEvent): void {
    if (event.event === 'submit') seen.push({at: event.submit.at, lateMs: looks.lateMs()});
    if (event.event === 'receipt' && event.answer === 0) receipted.add(event.messageId);
    if (event.event === 'bound') open.add(event.session);
    if (event.event === 'closed') open.delete(event.session);
    bound = open.size;
    mostBinds = Math.max(mostBinds, bound);
  }

  function onTwilio(event: PretendTwilioEvent): void {
    heardAt = clock();
    if (event.event !== 'called-back' || !finals.includes(event.status)) return;
    if (event.answer.status >= 200 && event.answer.status < 300) calledBack.set(event.message.sid, event.status);
  }

  return {
    seen,
    receipted,
    calledBack,
    mostBinds: () => mostBinds,
    loud: ({smsc}: Peers) => toLoud(smsc.submits, receipted, heardAt),
    peersOptions: {
      smsc: {
        latencyMs: 40,
        newMessageId: () => {
          ids += 1;
          return ids.toString(16);
        },
        receipts: ({text}: {text: string}) => (isFailing(serialOf(text)) ? ('UNDELIV' as const) : ('DELIVRD' as const)),
        onEvent: onSmsc,
      },
      twilio: {onEvent: onTwilio},
    },
  };
}

function toPosted(outbound: Known[]): Known[] | undefined {
  const owed = outbound.filter(({state}) => state === 'delivered' || state === 'failed');
  return owed.every(known => eventsOf(known, 'posted', {of: 'receipt'}).length > 0) ? outbound : undefined;
}
