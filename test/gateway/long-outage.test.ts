import http from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World, type WorldOptions} from '../helpers/world.ts';

const stepMs = 7 * 60_000;
const steps = 10;
/** Within the hour an interactive text may wait by default; those before are too old at the end. */
const firstYoung = 2;
const patienceMs = 90_000;

interface Sent {
  messageId: string;
  text: string;
}

interface Hours {
  world: World;
  later(ms: number): void;
  old: Sent[];
  young: Sent[];
}

/** A carrier is away while hours pass: two agents write every few minutes, and every webhook is taken. */
async function liveThrough(
  t: ExecutionContext,
  options: Omit<WorldOptions, 'now'>,
  channel: string,
  begin: (world: World) => void,
): Promise<Hours> {
  t.timeout(300_000);
  let skippedMs = 0;
  const later = (ms: number) => {
    skippedMs += ms;
  };
  const world = await startWorld(t, {...options, now: () => Date.now() + skippedMs});
  begin(world);
  const sent: Sent[][] = [];
  for (let step = 0; step < steps; step += 1) {
    const texts = ['a', 'b'].map((one, index) => ({
      text: `text ${step}${one}`,
      to: `+1415555${1000 + step * 2 + index}`,
    }));
    const ids = await Promise.all(texts.map(({text, to}) => world.send({channel, to, text})));
    sent.push(texts.map(({text}, index) => ({text, messageId: ids[index] ?? ''})));
    later(stepMs);
  }
  return {world, later, old: sent.slice(0, firstYoung).flat(), young: sent.slice(firstYoung).flat()};
}

/** What was too old is told so, once each; nothing else is told yet. */
async function expectExpired(t: ExecutionContext, {world, old, young}: Hours): Promise<void> {
  for (const {messageId} of old) await world.reaches(messageId, 'expired', patienceMs);
  const {receipts} = world.peers.nexus;
  await until('their receipts', () => receipts.length >= old.length, patienceMs);
  const told = receipts.flatMap(({messages}) => messages as Array<{id: string; status: string; reasons: unknown}>);
  t.deepEqual(told.map(({id}) => id).sort(), old.map(({messageId}) => messageId).sort());
  for (const {status, reasons} of told) {
    t.is(status, 'Failed');
    t.like(reasons, [{code: 'MessageExpired'}]);
  }
  for (const {messageId} of young) t.regex((await world.message(messageId)).state, /^(accepted|sending)$/);
}

/** Once it is back: what is still in time arrives, once each, and is told once each. */
async function expectArrived(t: ExecutionContext, {world, old, young}: Hours, arrived: () => string[]): Promise<void> {
  for (const {messageId} of young) await world.reaches(messageId, 'delivered', patienceMs);
  t.deepEqual(arrived().sort(), young.map(({text}) => text).sort());
  const {receipts} = world.peers.nexus;
  await until('a receipt each', () => receipts.length >= old.length + young.length, patienceMs);
  const ids = receipts.flatMap(({messages}) => (messages as Array<{id: string}>).map(({id}) => id));
  t.is(new Set(ids).size, ids.length);
}

test('an SMSC that is away for more than an hour: all is taken, what is too old is told, the rest leaves once', async t => {
  const options = {more: {smsc: '    messagesPerSecond: 200'}};
  const hours = await liveThrough(t, options, made.smppChannel, ({peers: {smsc}}) => {
    smsc.faults.refuseBinds = 0x0d;
    smsc.disconnectAll();
  });
  const {smsc} = hours.world.peers;
  await expectExpired(t, hours);
  t.is(smsc.submits.length, 0);
  smsc.faults.refuseBinds = undefined;
  await expectArrived(t, hours, () => smsc.phones.map(({text}) => text));
  t.is(smsc.submits.length, hours.young.length, 'nothing was submitted twice');
});

interface Door {
  url: string;
  isShut: boolean;
  /** Texts that were handed in while it was shut, and since. */
  refused: string[];
  passed: string[];
}

/** A proxy on the way to Twilio, which counts. While it is shut it answers by itself, so that a text has certainly not left. */
async function openDoor(t: ExecutionContext): Promise<Door & {target: string}> {
  const door = {url: '', target: '', isShut: true, refused: [] as string[], passed: [] as string[]};
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = new URLSearchParams(body.toString()).get('Body');
    if (text !== null) (door.isShut ? door.refused : door.passed).push(text);
    if (door.isShut) return void outgoing.writeHead(421, {'Content-Type': 'text/html'}).end('<p>no way out</p>');
    const {method, headers, url} = incoming;
    const far = http.request(new URL(url ?? '/', door.target), {method, headers}, answer => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    far.on('error', () => outgoing.destroy());
    far.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return door;
}

test('a Twilio that can not be reached for more than an hour is tried seldom, and handed each text once at its return', async t => {
  const door = await openDoor(t);
  const edit = (file: string) =>
    file.replace(/apiUrl: (\S+)/, (_, url: string) => {
      door.target = url;
      return `apiUrl: ${door.url}`;
    });
  const hours = await liveThrough(t, {edit}, made.twilioChannel, () => {});
  await expectExpired(t, hours);
  const each = Map.groupBy(door.refused, text => text);
  const most = Math.max(0, ...[...each.values()].map(({length}) => length));
  t.true(most <= 3 * steps, `a text was tried ${most} times`);
  door.isShut = false;
  hours.later(60_000);
  await expectArrived(t, hours, () => hours.world.peers.twilio.messages.map(({Body}) => Body));
  t.is(door.passed.length, hours.young.length, 'each was handed in once');
});
