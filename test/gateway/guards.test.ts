import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const phone = '+14155550123';
const french = '+33612345678';
const fast = '    messagesPerSecond: 500';

interface Told {
  status: string;
  reasons?: Array<{code: string; message: string}>;
}

function receiptsOf({peers}: World): Told[] {
  return peers.nexus.receipts.flatMap(({messages}) => messages as Told[]);
}

function eventsOf({lines}: World, event: string): string[] {
  return lines.filter(line => line.includes(`"${event}"`));
}

function onPhones({peers}: World): string[] {
  return peers.smsc.phones.map(({text}) => text);
}

function write({peers}: World, text: string, from = phone) {
  return peers.smsc.sendFromPhone({from: from.slice(1), to: made.smppChannel, text});
}

test('a text to a country that is not the channel’s is refused once, with a reason, and kept for replay', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const refused = await world.reaches(await world.send({to: french, text: 'bonjour'}), 'failed');
  t.is(refused.reason?.code, 'MessageNotAllowed');
  t.is(refused.reason?.message, 'a number of FR, and allowedCountries of the channel are US, PR, VI, GU, AS, MP');
  t.deepEqual(refused.segments, []);
  t.true(refused.events.some(({event, detail}) => event === 'failed' && detail?.reason === 'MessageNotAllowed'));
  await world.reaches(await world.send({to: phone, text: 'hello'}), 'delivered');
  await until('both receipts', () => receiptsOf(world).length === 2);
  t.deepEqual(
    receiptsOf(world)
      .map(({status}) => status)
      .sort(),
    ['Delivered', 'Failed'],
  );
  t.deepEqual(onPhones(world), ['hello']);
  t.is(eventsOf(world, 'guard.country').length, 1);
  const {body} = await world.api('/api/dead-letters?reason=country');
  t.is((body.deadLetters as unknown[]).length, 1);
  await world.restart({smsc: fast, smppChannel: '    allowedCountries: [US, FR]'});
  t.is((await world.api(`/api/messages/${refused.messageId}/replay`, {})).status, 200);
  await world.reaches(refused.messageId, 'delivered');
});

test('who writes from abroad is answered, unless countries are named', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  await write(world, 'allô ?', french);
  await until('the post', () => world.peers.nexus.messages.length === 1);
  await world.reaches(await world.send({to: french, text: 'oui'}), 'delivered');
  await world.restart({smsc: fast, smppChannel: '    allowedCountries: [US]'});
  await world.reaches(await world.send({to: french, text: 'non'}), 'failed');
  t.deepEqual(onPhones(world), ['oui']);
});

test('a staging channel writes to nobody but those of onlyTo', async t => {
  const world = await startWorld(t, {more: {smsc: fast, smppChannel: `    onlyTo: ["${phone}", "+1212*"]`}});
  await world.reaches(await world.send({to: phone, text: 'one'}), 'delivered');
  await world.reaches(await world.send({to: '+12125550199', text: 'two'}), 'delivered');
  const refused = await world.reaches(await world.send({to: '+14155550124', text: 'three'}), 'failed');
  t.like(refused, {reason: {code: 'MessageNotAllowed'}, segments: []});
  t.deepEqual(onPhones(world).sort(), ['one', 'two']);
  await until('three receipts', () => receiptsOf(world).length === 3);
  t.is(receiptsOf(world).filter(({status}) => status === 'Failed').length, 1);
});

test('above its segments of the day a channel is told RateLimited, and somebody hears of it at 80 and 100 per cent', async t => {
  const now = clockAt('2026-11-21T12:00:00Z');
  const more = {smsc: fast, smppChannel: '    dailySegments: 10'};
  const world = await startWorld(t, {more, now: now.read});
  const send = (text: string) => world.send({to: phone, text});
  const long = 'a'.repeat(300);
  for (let count = 0; count < 3; count += 1) await world.reaches(await send(long), 'delivered');
  t.is(eventsOf(world, 'guard.daily_cap_near').length, 0);
  await world.reaches(await send(`${long} too`), 'delivered');
  t.is(eventsOf(world, 'guard.daily_cap_near').length, 1);
  await world.restart();
  const over = await world.reaches(await send('b'.repeat(400)), 'failed');
  t.is(over.reason?.message, "the channel's dailySegments (10) of 2026-11-21 are used up");
  t.is(over.reason?.code, 'RateLimited');
  await world.reaches(await send(`${long} fits`), 'delivered');
  await world.reaches(await send('one too many'), 'failed');
  t.is(eventsOf(world, 'guard.daily_cap_reached').length, 1);
  now.set('2026-11-22T00:00:10Z');
  await world.reaches(await send('a new day'), 'delivered');
  await until('all receipts', () => receiptsOf(world).length === 8);
  t.is(receiptsOf(world).filter(({status}) => status === 'Failed').length, 2);
});

test('a try that certainly did not leave counts its segments once', async t => {
  const world = await startWorld(t, {more: {smsc: fast, smppChannel: '    dailySegments: 2'}});
  world.peers.smsc.faults.next.push({status: 0x08}, {status: 0x08});
  await world.reaches(await world.send({to: phone, text: 'one'}), 'delivered');
  t.is(world.peers.smsc.submits.length, 3, 'of three tries one was taken');
  await world.reaches(await world.send({to: phone, text: 'two'}), 'delivered');
  await world.reaches(await world.send({to: phone, text: 'three'}), 'failed');
});

test('a phone and a platform that answer each other are stopped at the thirtieth text, and others are not', async t => {
  const more = {smsc: fast, smppChannel: '    loopGuard: {within: 1h}'};
  const world = await startWorld(t, {more});
  for (let turn = 1; turn < 15; turn += 1) {
    await write(world, `ping ${turn}`);
    await until('the post', () => world.peers.nexus.messages.length === turn);
    await world.reaches(await world.send({to: phone, text: `pong ${turn}`}), 'delivered');
  }
  await write(world, 'ping 15');
  await until('the post', () => world.peers.nexus.messages.length === 15);
  await world.restart();
  const stopped = await world.reaches(await world.send({to: phone, text: 'pong 15'}), 'failed');
  t.is(stopped.reason?.code, 'RateLimited');
  t.regex(stopped.reason?.message ?? '', /^30 texts went to and fro with no pause of 3600 s/);
  t.is(eventsOf(world, 'guard.loop').length, 1);
  t.false(world.lines.join('').includes(phone), 'nobody’s number is in the log');
  await world.reaches(await world.send({to: '+14155550124', text: 'another phone'}), 'delivered');
  t.is(onPhones(world).length, 15);
});

test('many texts to one phone are no loop', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  for (let count = 0; count < 40; count += 1) await world.send({to: phone, text: `text ${count}`});
  await until('all of them', () => world.peers.smsc.phones.length === 40);
  t.deepEqual(
    onPhones(world),
    Array.from({length: 40}, (_, count) => `text ${count}`),
  );
});

test('guards are counted for whoever watches', async t => {
  const world = await startWorld(t, {more: {smsc: fast, smppChannel: `    onlyTo: ["+1212*"]`}});
  await world.reaches(await world.send({to: phone, text: 'one'}), 'failed');
  const response = await fetch(`http://127.0.0.1:${world.gateway().managementPort}/metrics`, {
    headers: {authorization: `Bearer ${made.token}`},
  });
  t.regex(await response.text(), /nexus_gateway_guarded_total\{platform="acme",guard="only_to"\} 1/);
});

/** A clock that runs, from a time a test says. */
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
