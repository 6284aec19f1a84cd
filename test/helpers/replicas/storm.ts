import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as rest} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type Peers, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import {startServer} from '../../store/open-postgres.ts';
import {startWay} from '../../store/way.ts';
import {writeToPhones} from '../crash/agents.ts';
import {clock, sleep} from '../crash/clock.ts';
import {type End, type Evidence, eventsOf} from '../crash/evidence.ts';
import {writeFromPhones} from '../crash/phones.ts';
import {createPromises} from '../crash/promises.ts';
import {untilNone} from '../crash/quiet.ts';
import {createRandom} from '../crash/random.ts';
import {createReadBack, type Known} from '../crash/read-back.ts';
import type {Run} from '../crash/runs.ts';
import {startWeather} from '../crash/weather.ts';
import {fillCache} from '../gateway-process.ts';
import {until} from '../until.ts';
import {createBalancer} from './balancer.ts';
import {type Deaf, deafen} from './deafen.ts';
import {startLooks} from './looks.ts';
import {createReplica} from './replica.ts';
import {createWatch, type Seen} from './watch.ts';

export interface ReplicaStormOptions {
  seed: number;
  replicas: number;
  /** How long processes are killed, links cut and the database restarted. */
  stormMs: number;
  restarts: number;
  /** The shortest and the longest life of one process. */
  livesMs: readonly [number, number];
  deaf?: Deaf;
  quietWithinMs: number;
}

export interface ReplicaStorm extends Evidence {
  /** The most sessions that were bound at the SMSC at one time. */
  mostBinds: number;
  cuts: number;
  silences: readonly End[];
  /** Segments at the SMSC, in their order. */
  seen: readonly Seen[];
}

export const limits = {binds: 3, messagesPerSecond: 30} as const;

/** About twice what the account may send: it always has some waiting, and they drain in the time of the test. */
const restMs = [50, 300] as const;

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
  const storeUrl = server.newUrl();
  const cacheFolder = join(folder, 'compiled');
  await fillCache(cacheFolder);
  const runs: Run[] = [];
  const common = {cacheFolder, balancer, random, runs, livesMs: options.livesMs};
  const ways = await Promise.all(Array.from({length: options.replicas}, () => startWay(t, storeUrl)));
  const replicas = ways.map((way, place) => {
    const configPath = join(folder, `gateway-${place}.yaml`);
    writeFileSync(configPath, toFile(peers, balancer.url, way.url));
    return createReplica({...common, configPath});
  });
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
  const deafening = ways.map(way => deafen({way, random, deaf: options.deaf, isOver}));
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
  const silences = (await Promise.all(deafening)).flat();
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
  return {
    promises,
    runs,
    peers,
    receipted,
    calledBack,
    outbound,
    inbound,
    mostBinds: watch.mostBinds(),
    cuts,
    silences,
    seen,
  };
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

function toPosted(outbound: Known[]): Known[] | undefined {
  const owed = outbound.filter(({state}) => state === 'delivered' || state === 'failed');
  return owed.every(known => eventsOf(known, 'posted', {of: 'receipt'}).length > 0) ? outbound : undefined;
}
