import test from 'ava';
import {createAuthority} from '../helpers/certificate.ts';
import {keepsRate} from '../helpers/keeps-rate.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

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

test.serial(
  'never more than 20 segments reach the SMSC in any second, over three binds and a reconnect',
  keepsRate,
  20,
);

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
