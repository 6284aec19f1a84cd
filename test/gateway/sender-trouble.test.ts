import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';

/** Both channels go by one Twilio account, each with its own number if not told otherwise; the clock can be put forward. */
async function start(t: ExecutionContext, other = `+${made.smppChannel}`) {
  let skippedMs = 0;
  const world = await startWorld(t, {
    peers: {twilio: {statusDelayMs: 1}},
    now: () => Date.now() + skippedMs,
    edit: file =>
      file
        .replace('    carriers: [smsc-a]', '    carriers: [twilio-main]')
        .replace(`"+${made.smppChannel}"`, JSON.stringify(other)),
  });
  return {
    world,
    later(ms: number) {
      skippedMs += ms;
    },
  };
}

async function parkedOf(world: World): Promise<Array<{channel?: string; until?: number}>> {
  const {body} = await world.api('/api/carriers');
  return (body.gates as Array<{kind: string; filter: {channel?: string}; until?: number}>)
    .filter(({kind}) => kind === 'parked')
    .map(({filter, until: untilAt}) => ({...filter, ...(untilAt !== undefined && {until: untilAt})}));
}

test('too many texts from one number slow that number, not the account', async t => {
  const {world, later} = await start(t);
  const {twilio} = world.peers;
  twilio.fail({kind: 'answer', status: 429, code: 14107, retryAfter: '60'});
  const slow = await world.send({channel: made.twilioChannel, to, text: 'too fast'});
  await until('it was throttled', async () =>
    (await world.message(slow)).events.some(one => one.event === 'send_unavailable'),
  );
  const other = await world.send({channel: made.smppChannel, to, text: 'another number'});
  await world.reaches(other, 'delivered');
  t.is(twilio.messages.length, 1);
  later(61_000);
  await world.reaches(slow, 'delivered');
});

test('a number that has sent enough for today waits for tomorrow, over a restart; other numbers go on', async t => {
  const {world, later} = await start(t);
  const {twilio} = world.peers;
  twilio.behave({finalStatus: 'undelivered', errorCode: 30027});
  const capped = await world.send({channel: made.twilioChannel, to, text: 'one too many'});
  t.like(await world.reaches(capped, 'failed'), {reason: {code: 'RateLimited'}});
  await until('both queues of the number are parked', async () => (await parkedOf(world)).length === 2);
  t.true((await parkedOf(world)).every(gate => gate.channel === made.twilioChannel && (gate.until ?? 0) > Date.now()));
  twilio.behave({finalStatus: 'delivered', errorCode: undefined});
  await world.restart();
  const waiting = await world.send({channel: made.twilioChannel, to, text: 'tomorrow'});
  later(31_000);
  const other = await world.send({channel: made.smppChannel, to, text: 'another number'});
  await world.reaches(other, 'delivered');
  t.is((await world.message(waiting)).state, 'accepted');
  t.is((await world.api('/api/resume', {channel: made.twilioChannel})).status, 200);
  await world.reaches(waiting, 'delivered');
  await until('nothing is parked', async () => (await parkedOf(world)).length === 0);
});

test('a queue that was parked is forgotten with its carrier', async t => {
  let skippedMs = 0;
  let hasTwilio = true;
  const withoutTwilio = (file: string) =>
    file.replace(/ {2}twilio-main:\n(?: {4}.*\n)+/, '').replace('[twilio-main]', '[smsc-a]');
  const world = await startWorld(t, {
    peers: {twilio: {statusDelayMs: 1}},
    now: () => Date.now() + skippedMs,
    edit: file => (hasTwilio ? file : withoutTwilio(file)),
  });
  world.peers.twilio.behave({finalStatus: 'undelivered', errorCode: 30027});
  await world.reaches(await world.send({channel: made.twilioChannel, to, text: 'one too many'}), 'failed');
  await until('both queues of the number are parked', async () => (await parkedOf(world)).length === 2);
  hasTwilio = false;
  skippedMs = 90_000_000;
  await world.restart();
  await until('nothing is parked', async () => (await parkedOf(world)).length === 0);
  t.pass();
});

test('an unregistered number is parked, and one text tries again after five minutes', async t => {
  const {world, later} = await start(t);
  const {twilio} = world.peers;
  twilio.behave({finalStatus: 'undelivered', errorCode: 30034});
  await world.reaches(await world.send({channel: made.twilioChannel, to, text: 'not registered'}), 'failed');
  await until('it is parked', async () => (await parkedOf(world)).length === 2);
  twilio.behave({finalStatus: 'delivered', errorCode: undefined});
  const next = await world.send({channel: made.twilioChannel, to, text: 'waits'});
  t.is((await world.message(next)).state, 'accepted');
  later(301_000);
  await world.reaches(next, 'delivered');
  t.is(twilio.messages.length, 2);
});

test('what is wrong with the WhatsApp of a number parks that, and its SMS goes on', async t => {
  const {world} = await start(t, `whatsapp:+${made.twilioChannel}`);
  const {twilio} = world.peers;
  twilio.behave({finalStatus: 'undelivered', errorCode: 63001});
  await world.reaches(await world.send({channel: made.smppChannel, to, text: 'by WhatsApp'}), 'failed');
  t.is(twilio.messages[0]?.From, `whatsapp:+${made.twilioChannel}`);
  await until('it is parked', async () => (await parkedOf(world)).length > 0);
  twilio.behave({finalStatus: 'delivered', errorCode: undefined});
  await world.reaches(await world.send({channel: made.twilioChannel, to, text: 'by SMS'}), 'delivered', 5000);
  t.true((await parkedOf(world)).every(({channel}) => channel === made.smppChannel));
});
