import {monitorEventLoopDelay} from 'node:perf_hooks';
import test from 'ava';
import {createAuthority} from '../helpers/certificate.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const threeBinds = (file: string) => file.replace('binds: 1', 'binds: 3');
/** Three segments of GSM 03.38. */
const long = 'The quick brown fox jumps over the lazy dog. '.repeat(9);
const authority = createAuthority();
const server = authority.issue('smsc', ['127.0.0.1']);

test.serial('receipts that come back on another of three binds than sent find their texts', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 500'}, edit: threeBinds});
  const {smsc, nexus} = world.peers;
  Object.assign(smsc.faults.receipts, {elsewhere: true, notation: 'decimal'});
  await until('three binds', () => smsc.sessions().length === 3);
  const texts = Array.from({length: 12}, (_, index) => (index % 3 === 0 ? long : `text ${index}`));
  const ids = await Promise.all(texts.map((text, index) => world.send({to: `+1415555${2000 + index}`, text})));
  for (const id of ids) await world.reaches(id, 'delivered');
  t.is(new Set(smsc.submits.map(({session}) => session)).size, 3);
  t.is(smsc.phones.length, 12);
  await until('a receipt for each', () => nexus.receipts.length >= 12);
  t.is(nexus.receipts.length, 12);
  const {body} = await world.api('/api/carriers');
  const [carrier] = body.carriers as Array<{receipts: {parked: number; notations: Record<string, number>}}>;
  t.is(carrier?.receipts.parked, 0);
  t.is(
    Object.values(carrier?.receipts.notations ?? {}).reduce((sum, count) => sum + count),
    20,
  );
});

/**
 * Texts for three seconds and more at once, a third of them of three segments, over three binds, all cut in the middle. What the machine itself held
 * back in the meantime, more than the pace allows for, is allowed for.
 */
const keeps = test.macro({
  async exec(t, rate: number) {
    const world = await startWorld(t, {more: {smsc: `    messagesPerSecond: ${rate}`}, edit: threeBinds});
    const {smsc} = world.peers;
    await until('three binds', () => smsc.sessions().length === 3);
    await world.api('/api/pause', {carrier: 'smsc-a'});
    const messages = Math.ceil((rate * 3.2) / (5 / 3));
    const texts = Array.from({length: messages}, (_, index) => (index % 3 === 0 ? long : `text ${index}`));
    const ids = await Promise.all(texts.map((text, index) => world.send({to: `+1415555${10_000 + index}`, text})));
    const lag = monitorEventLoopDelay({resolution: 2});
    lag.enable();
    await world.api('/api/resume', {carrier: 'smsc-a'});
    const half = Math.floor(rate * 1.6);
    await until('half of them', () => smsc.submits.length >= half);
    smsc.disconnectAll();
    const settled = async () => {
      const states = await Promise.all(ids.map(async id => (await world.message(id)).state));
      return states.every(state => state === 'delivered' || state === 'unknown');
    };
    await until('the queue to be empty', () => isEmpty(world), 50_000);
    await until('every end', settled);
    lag.disable();
    const times = smsc.submits.map(({at}) => at);
    const heldBackMs = Math.max(0, lag.max / 1e6 - 20);
    const closest = Math.min(...times.slice(rate).map((at, index) => at - (times[index] ?? 0)));
    t.true(closest >= 1000 - heldBackMs, `${rate + 1} segments came within ${closest} ms`);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const busyMs = (times.at(-1) ?? 0) - (times[0] ?? 0) - Math.max(...gaps);
    t.log(
      `${Math.round((times.length / busyMs) * 1000)} of ${rate} segments a second; the loop stood ${lag.max / 1e6} ms`,
    );
    t.true(times.length > rate * 3);
    t.is(new Set(smsc.phones.map(({to}) => to)).size, smsc.phones.length);
  },
  title: (_, rate) => `never more than ${rate} segments reach the SMSC in any second, over three binds and a reconnect`,
});
test.serial(keeps, 20);
test.serial(keeps, 200);

test.serial('sends and hears over TLS when the certificate can be verified', async t => {
  const ca = JSON.stringify(authority.cert);
  const edit = (file: string) => file.replace('tls: false', `tls: {ca: ${ca}}`);
  const world = await startWorld(t, {peers: {smsc: {tls: {...server}}}, edit});
  await world.reaches(await world.send({to: '+14155550123', text: 'hello'}), 'delivered');
  t.is(world.peers.smsc.phones.length, 1);
});

test.serial(
  'sends nothing over TLS while the certificate can not be verified: texts wait, and people are told why',
  async t => {
    const ca = JSON.stringify(createAuthority().cert);
    const edit = (file: string) => file.replace('tls: false', `tls: {ca: ${ca}}`);
    const world = await startWorld(t, {peers: {smsc: {tls: {...server}}}, edit});
    const id = await world.send({to: '+14155550123', text: 'hello'});
    await until('the failure', () => world.lines.some(line => line.includes('"bind.failed"')));
    const {body} = await world.api('/api/carriers');
    const [carrier] = body.carriers as Array<{usable: boolean; state: string}>;
    t.false(carrier?.usable);
    t.regex(carrier?.state ?? '', /certificate is not trusted/);
    t.is((await world.message(id)).state, 'accepted');
    t.is(world.peers.smsc.submits.length, 0);
  },
);

test.serial('takes any certificate only where the operator says so, with a warning', async t => {
  const edit = (file: string) => file.replace('tls: false', 'tls: {acceptAnyCertificate: true}');
  const world = await startWorld(t, {peers: {smsc: {tls: {...server}}}, edit});
  await world.reaches(await world.send({to: '+14155550123', text: 'hello'}), 'delivered');
  t.true(world.lines.some(line => line.includes('"smpp.any_certificate"')));
});

async function isEmpty(world: World): Promise<boolean> {
  const {body} = await world.api('/api/carriers');
  return (body.queues as Array<{queue: string}>).every(({queue}) => !queue.startsWith('outbound'));
}
