import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const phone = '+14155550123';
const fast = '    messagesPerSecond: 500';

interface Shown {
  carriers: Array<{name: string; usable: boolean; state: string; breaker: string}>;
  resting: Array<{kind: string; name: string; channel?: string; breaker: string}>;
}

async function shown(world: World): Promise<Shown> {
  return (await world.api('/api/carriers')).body as unknown as Shown;
}

async function metrics(world: World): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${world.gateway().managementPort}/metrics`, {
    headers: {authorization: `Bearer ${made.token}`},
  });
  return response.text();
}

function count(world: World, event: string): number {
  return world.lines.filter(line => line.includes(`"${event}"`)).length;
}

test('an account that fails again and again rests, is shown so, and goes on when it works', async t => {
  t.timeout(180_000);
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc} = world.peers;
  smsc.faults.next.push(...Array.from({length: 500}, () => ({status: 0x08})));
  const sent: string[] = [];
  for (let index = 0; index < 8; index += 1) {
    sent.push(await world.send({to: `+1415555${1000 + index}`, text: `text ${index}`}));
  }
  await until('the account to rest', async () => (await shown(world)).resting.length === 1);
  const {carriers} = await shown(world);
  t.like(
    carriers.find(({name}) => name === 'smsc-a'),
    {usable: false},
  );
  t.regex(await metrics(world), /nexus_gateway_breakers_open\{kind="carrier",name="smsc-a"\} 1/);
  smsc.faults.next.length = 0;
  for (const messageId of sent) await world.reaches(messageId, 'delivered', 150_000);
  const after = await shown(world);
  t.deepEqual(after.resting, []);
  t.like(
    after.carriers.find(({name}) => name === 'smsc-a'),
    {usable: true, breaker: 'closed'},
  );
  t.is(count(world, 'breaker.open'), 1);
  t.is(count(world, 'breaker.closed'), 1);
});

test('throttling never makes an account rest', async t => {
  t.timeout(180_000);
  const world = await startWorld(t, {more: {smsc: fast}});
  world.peers.smsc.faults.next.push(...Array.from({length: 5}, () => ({status: 0x58})));
  await world.reaches(await world.send({to: phone, text: 'slower'}), 'delivered', 60_000);
  t.is(count(world, 'breaker.open'), 0);
});

test('a text that fails for its recipient’s sake makes nobody rest', async t => {
  t.timeout(180_000);
  const world = await startWorld(t, {more: {smsc: fast}});
  world.peers.smsc.faults.next.push(...Array.from({length: 5}, () => ({status: 0x64})));
  await world.reaches(await world.send({to: phone, text: 'at last'}), 'delivered', 90_000);
  t.is(count(world, 'breaker.open'), 0);
});

test('a channel whose receipts Nexus fails rests, and neither its inbound texts nor another channel wait', async t => {
  t.timeout(180_000);
  const world = await startWorld(t, {more: {smsc: fast}});
  const {nexus, smsc} = world.peers;
  const mend = nexus.fault({kind: 'receipts', channelId: made.smppChannel, status: 500});
  for (let index = 0; index < 8; index += 1) {
    await world.send({to: `+1415555${1000 + index}`, text: `text ${index}`});
  }
  await until('its receipts to rest', async () => (await shown(world)).resting.length === 1);
  t.like((await shown(world)).resting[0], {kind: 'receipt', name: 'acme', channel: made.smppChannel});
  await smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'hello?'});
  await until('the inbound post', () => nexus.messages.length === 1);
  await world.send({channel: made.twilioChannel, to: phone, text: 'another channel'});
  const ofOther = () => nexus.receipts.filter(post => JSON.stringify(post).includes(made.twilioChannel));
  await until('its receipt', () => ofOther().length === 1);
  t.true(count(world, 'breaker.open') >= 1);
  mend();
  const all = () => nexus.receipts.length - ofOther().length;
  await until('all receipts', () => all() >= 8, 150_000);
  await until('nothing to rest', async () => (await shown(world)).resting.length === 0, 60_000);
});

test('files that Nexus takes none of make no text from another phone wait', async t => {
  t.timeout(180_000);
  const world = await startWorld(t);
  const {nexus, twilio} = world.peers;
  const webhookUrl = `${world.front.url}/twilio/twilio-main/inbound`;
  const says = (from: string, text: string, media: Array<{contentType: string; body: Buffer}> = []) =>
    twilio.sendFromPhone({webhookUrl, from, to: `+${made.twilioChannel}`, text, media});
  nexus.fault({kind: 'media', status: 401});
  const picture = {contentType: 'image/png', body: Buffer.from('89504e470d0a1a0a01020304', 'hex')};
  for (let index = 0; index < 8; index += 1) await says(`+1415555${1000 + index}`, 'see', [picture]);
  const waiting = () => world.lines.filter(line => line.includes('"inbound.post_unavailable"')).length;
  await until('the files to be refused', () => waiting() >= 8);
  t.deepEqual((await shown(world)).resting, []);
  await says(phone, 'only words');
  await until('the words', () => JSON.stringify(nexus.messages).includes('only words'));
  t.is(count(world, 'breaker.open'), 0);
});
