import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const phone = '+14155550123';
const fast = '    messagesPerSecond: 500';
const hours = 'from: "09:00", to: "20:00"';
/** 22:00 in California, 01:00 in New York. */
const night = '2026-11-21T06:00:00Z';
/** 09:00:05 in California. */
const morning = '2026-11-21T17:00:05Z';

function withHours(outside: string, more = ''): {smsc: string; smppChannel: string} {
  return {smsc: fast, smppChannel: `    sendWithin: 24h\n    sendingHours: {${hours}, outside: ${outside}}${more}`};
}

/** A channel of campaigns. */
const asBulk = (file: string) => file.replace('    priority: interactive', '    priority: bulk');

function clockAt(begin: string) {
  let from = Date.parse(begin);
  let since = Date.now();
  return {
    read: () => from + Date.now() - since,
    set(time: string) {
      from = Date.parse(time);
      since = Date.now();
    },
  };
}

function onPhones({peers}: World): string[] {
  return peers.smsc.phones.map(({text}) => text);
}

async function waits(world: World, messageId: string): Promise<Record<string, unknown> | undefined> {
  const told = await until('it to wait for its hours', async () =>
    (await world.message(messageId)).events.find(({event}) => event === 'waits_for_hours'),
  );
  return told.detail;
}

test('a campaign’s texts wait for the morning where the phone is, in order, also over a restart', async t => {
  const clock = clockAt(night);
  const world = await startWorld(t, {more: withHours('wait'), edit: asBulk, now: clock.read});
  const west = [await world.send({to: phone, text: 'west 1'}), await world.send({to: phone, text: 'west 2'})];
  const east = await world.send({to: '+12125550123', text: 'east'});
  const detail = await waits(world, west[0] ?? '');
  t.is(detail?.zones, 'America/Los_Angeles');
  t.is(Math.round(Number(detail?.until) / 60_000), Date.parse('2026-11-21T17:00:00Z') / 60_000);
  await waits(world, west[1] ?? '');
  t.is(Number((await waits(world, east))?.until) < Number(detail?.until), true);
  t.deepEqual(onPhones(world), []);
  clock.set('2026-11-21T14:00:05Z');
  await world.restart();
  await world.reaches(east, 'delivered');
  t.deepEqual(onPhones(world), ['east']);
  clock.set(morning);
  for (const messageId of west) await world.reaches(messageId, 'delivered');
  t.deepEqual(onPhones(world), ['east', 'west 1', 'west 2']);
});

test('an answer to somebody who writes at night passes what waits for the morning', async t => {
  const clock = clockAt(night);
  const world = await startWorld(t, {more: withHours('wait'), edit: asBulk, now: clock.read});
  const sale = await world.send({to: phone, text: 'sale'});
  await waits(world, sale);
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'are you there?'});
  await until('the post', () => world.peers.nexus.messages.length === 1);
  await world.reaches(await world.send({to: phone, text: 'yes'}), 'delivered');
  t.deepEqual(onPhones(world), ['yes']);
  t.is((await world.message(sale)).state, 'accepted');
});

test('the answer to an order leaves at night', async t => {
  const clock = clockAt(night);
  const more = withHours('wait', '\n    keywords: {mode: handle}');
  const world = await startWorld(t, {more, edit: asBulk, now: clock.read});
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  await until('the confirmation', () => world.peers.smsc.phones.length === 1);
  t.pass();
});

test('what waits for its hours ends with sendWithin, told once', async t => {
  const clock = clockAt(night);
  const world = await startWorld(t, {
    more: {...withHours('wait'), smppChannel: withHours('wait').smppChannel.replace('24h', '2h')},
    edit: asBulk,
    now: clock.read,
  });
  const messageId = await world.send({to: phone, text: 'too late'});
  await waits(world, messageId);
  clock.set('2026-11-21T08:00:05Z');
  const ended = await world.reaches(messageId, 'expired');
  t.is(ended.reason?.code, 'MessageExpired');
  await until('its receipt', () => world.peers.nexus.receipts.length === 1);
  clock.set(morning);
  await world.reaches(await world.send({to: phone, text: 'in time'}), 'delivered');
  t.deepEqual(onPhones(world), ['in time']);
});

test('expire: what comes at night fails at once', async t => {
  const clock = clockAt(night);
  const world = await startWorld(t, {more: withHours('expire'), edit: asBulk, now: clock.read});
  const ended = await world.reaches(await world.send({to: phone, text: 'sale'}), 'expired');
  t.deepEqual(ended.reason, {
    code: 'MessageExpired',
    message: 'it is not within sendingHours where the phone can be (America/Los_Angeles)',
  });
  await until('its receipt', () => world.peers.nexus.receipts.length === 1);
  t.like(world.peers.nexus.receipts[0]?.messages[0], {status: 'Failed', reasons: [{code: 'MessageExpired'}]});
  const {body} = await world.api('/api/dead-letters?reason=outside_hours');
  t.is((body.deadLetters as unknown[]).length, 1);
});

test('an interactive channel sends at night', async t => {
  const clock = clockAt(night);
  const world = await startWorld(t, {more: withHours('expire'), now: clock.read});
  await world.reaches(await world.send({to: phone, text: 'your code'}), 'delivered');
  t.deepEqual(onPhones(world), ['your code']);
});
