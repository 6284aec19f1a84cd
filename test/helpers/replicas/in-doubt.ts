import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {memberOf} from '../../../src/sandbox/nexus-wire.ts';
import {made, type Peers, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import {startServer} from '../../store/open-postgres.ts';
import {startWay} from '../../store/way.ts';
import {sleep} from '../crash/clock.ts';
import {untilNone} from '../crash/quiet.ts';
import {createReadBack, type Known} from '../crash/read-back.ts';
import {type GatewayProcess, spawnGateway} from '../gateway-process.ts';
import {until} from '../until.ts';
import {startLooks} from './looks.ts';
import {createProxy, type FrontProxy} from './proxy.ts';
import {createWatch} from './watch.ts';

export interface InDoubtOptions {
  /** Texts are written in so many lanes. */
  lanes: number;
  /** For so long before and after the commits of one replica are answered no more. */
  writeMs: number;
}

export interface InDoubt {
  /** The phone of each text, with the id its webhook was answered in the end. */
  sent: ReadonlyMap<string, string>;
  outbound: readonly Known[];
  /** Phones of texts nobody knew the fate of when the replica that had heard nothing was answered again, */
  doubted: readonly string[];
  /** and of all that had arrived by then. */
  arrivedBefore: ReadonlySet<string>;
  peers: Peers;
}

const givenUpWithinMs = 60_000;
const quietWithinMs = 120_000;
const pauseMs = 10;
const messagesPerSecond = 1000;
const mostRounds = 5;
const channels = [made.smppChannel, made.twilioChannel];

/**
 * Of two replicas one is heard by the database and not answered: each of its connections commits once more and never learns of it. The other gives it
 * up and takes over. Then the first one hears again what became of its commits.
 */
export async function leaveInDoubt(t: ExecutionContext, {lanes, writeMs}: InDoubtOptions): Promise<InDoubt> {
  const server = await startServer();
  const storeUrl = server.newUrl();
  const schema = new URL(storeUrl).searchParams.get('schema');
  const way = await startWay(t, storeUrl);
  const looks = startLooks();
  const watch = createWatch(() => false, looks);
  const peers = await startPeers(watch.peersOptions);
  const proxy = await createProxy();
  const folder = mkdtempSync(join(tmpdir(), 'in-doubt-'));
  const living: GatewayProcess[] = [];
  let isOver = false;
  t.teardown(async () => {
    isOver = true;
    looks.end();
    await Promise.all(living.map(process => process.kill('SIGKILL')));
    await Promise.all([peers.stop(), proxy.stop()]);
    await server.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  async function start(name: string, store: string) {
    const configPath = join(folder, `${name}.yaml`);
    writeFileSync(configPath, toFile(peers, proxy.url, store));
    const process = spawnGateway(configPath);
    living.push(process);
    const ports = await process.ready;
    if (ports === undefined) throw new Error(`a replica ended by itself: ${JSON.stringify(await process.exited)}`);
    proxy.add(ports);
    return ports;
  }

  async function findUnknown(): Promise<string[]> {
    const rows = await server.query(`select phone from ${schema}.message where state = 'unknown'`);
    return rows.map(({phone}) => String(phone));
  }

  async function countReplicas(): Promise<number> {
    const [row] = await server.query(`select count(*) as count from ${schema}.replica`);
    return Number(row?.count);
  }

  await start('doubtful', way.url);
  const sound = await start('sound', storeUrl);
  await until('both replicas to be ready', () => proxy.count() === 2);
  const sent = new Map<string, string>();

  /** Who had nothing under way when it was silenced has left nothing in doubt. */
  async function doubt(): Promise<Pick<InDoubt, 'doubted' | 'arrivedBefore'>> {
    isOver = false;
    const writing = writeTexts({peers, proxy, lanes, sent, isOver: () => isOver});
    await sleep(writeMs);
    way.silenceCommits();
    await sleep(writeMs);
    isOver = true;
    await until('the doubtful replica to be given up', async () => (await countReplicas()) === 1, givenUpWithinMs);
    const doubted = await findUnknown();
    const arrivedBefore = new Set(toArrived(peers));
    way.restore();
    await writing;
    await until('it to be back', async () => (await countReplicas()) === 2 && proxy.count() === 2, givenUpWithinMs);
    return {doubted, arrivedBefore};
  }

  let left = await doubt();
  for (let round = 1; round < mostRounds && left.doubted.length === 0; round += 1) left = await doubt();
  const readBack = createReadBack(sound.managementPort);
  await untilNone(async () => [...watch.loud(peers), ...(await readBack.busy())], quietWithinMs);
  return {sent, outbound: await readBack.all('outbound'), ...left, peers};
}

function toFile(peers: Peers, publicUrl: string, store: string): string {
  const more = {smsc: `    messagesPerSecond: ${messagesPerSecond}`};
  const file = toGatewayFile({peers, publicUrl, publicPort: 0, managementPort: 0, store, more});
  return file
    .replace('binds: 1', 'binds: 2')
    .replace('[twilio-main]', `[{carrier: twilio-main, messagesPerSecond: ${messagesPerSecond}}]`);
}

interface Writing {
  peers: Peers;
  proxy: FrontProxy;
  lanes: number;
  /** What was answered goes in here: each text's phone, with its id. */
  sent: Map<string, string>;
  isOver(): boolean;
}

/** Each to a phone of its own; as Nexus does, a webhook that got no answer or a 5XX is sent again as it was. */
async function writeTexts({peers, proxy, lanes, sent, isOver}: Writing): Promise<void> {
  let serial = sent.size;

  async function write(): Promise<void> {
    while (!isOver()) {
      serial += 1;
      const to = `+1415555${String(serial).padStart(4, '0')}`;
      const channelId = channels[serial % channels.length] ?? '';
      const webhookUrl = `${proxy.url}/nexus/webhook/acme/${channelId}`;
      const text = {webhookUrl, channelId, to, text: 'is it here?', attempts: 1000};
      const answer = await peers.nexus.sendText(text);
      if (answer.status !== 200) throw new Error(`the webhook to ${to} was answered ${answer.status}`);
      sent.set(to, String(memberOf(answer.body, 'messageId')));
      await sleep(pauseMs);
    }
  }

  await Promise.all(Array.from({length: lanes}, write));
}

/**
 * Every promise that was not kept, as a sentence. No process was killed and carriers tell of all they take, so the fate of each text is known in the
 * end: whose way it was knows whether it has left. What others had taken over leaves by their leave only.
 */
export function checkInDoubt({sent, outbound, doubted, arrivedBefore, peers}: InDoubt): string[] {
  const times = Map.groupBy(toArrived(peers), phone => phone);
  const known = new Map(outbound.map(message => [message.messageId, message]));
  return [...sent].flatMap(([phone, messageId]) => {
    const count = times.get(phone)?.length ?? 0;
    const {state, events = []} = known.get(messageId) ?? {};
    const own = [];
    if (count !== 1 || state !== 'delivered') own.push(`has arrived ${count} times and is ${state}`);
    const isLate = doubted.includes(phone) && !arrivedBefore.has(phone);
    if (isLate && events.every(({event}) => event !== 'resumed')) own.push('left when others had taken it over');
    return own.map(each => `the text to ${phone} ${each}`);
  });
}

function toArrived({smsc, twilio}: Peers): string[] {
  return [
    ...smsc.submits.map(({destination}) => `+${destination}`),
    ...twilio.messages.filter(({direction}) => direction === 'outbound-api').map(({To}) => To),
  ];
}
