import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {floodAndStop} from '../helpers/stop-flood.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const phone = '+14155550123';
const fast = '    messagesPerSecond: 500';

function withKeywords(
  t: ExecutionContext,
  keywords: string,
  more: object = {},
  edit = (file: string) => file,
): Promise<World> {
  const block = `    keywords: ${keywords}`;
  return startWorld(t, {more: {smsc: fast, smppChannel: block, twilioChannel: block, ...more}, edit});
}

function write(world: World, text: string, from = phone) {
  return world.peers.smsc.sendFromPhone({from: from.slice(1), to: made.smppChannel, text});
}

function postedTexts({peers}: World): string[] {
  return peers.nexus.messages.flatMap(({messages}) => messages.map(message => (message as {text: string}).text));
}

function receiptsOf({peers}: World): Array<{status: string; reasons?: Array<{code: string}>}> {
  return peers.nexus.receipts.flatMap(({messages}) => messages as Array<{status: string}>);
}

function onPhone(world: World, to = phone): string[] {
  return world.peers.smsc.phones.filter(text => `+${text.to.replace(/^\+/, '')}` === to).map(({text}) => text);
}

test('handle: STOP is answered once, kept from the platform, and nothing more reaches the phone until START', async t => {
  const world = await withKeywords(t, '{mode: handle}');
  for (const text of ['Stop!', 'stop', 'STOP']) await write(world, text);
  await until('the confirmation', () => onPhone(world).length === 1);
  t.regex(onPhone(world)[0] ?? '', /^You have successfully been unsubscribed/);
  const refused = await world.reaches(await world.send({to: phone, text: 'spring sale'}), 'failed');
  t.like(refused, {reason: {code: 'RecipientOptedOut'}});
  t.true(refused.segments.length === 0, 'no carrier was called');
  await until('its receipt', () => receiptsOf(world).length === 1);
  t.like(receiptsOf(world)[0], {status: 'Failed', reasons: [{code: 'RecipientOptedOut'}]});

  await write(world, 'HELP');
  await until('the help answer', () => onPhone(world).length === 2);
  await write(world, 'START');
  await until('the welcome', () => onPhone(world).length === 3);
  await world.reaches(await world.send({to: phone, text: 'welcome back'}), 'delivered');
  t.is(onPhone(world).length, 4);
  await write(world, 'yes');
  await until('the yes of one who is in', () => postedTexts(world).length === 1);
  t.deepEqual(postedTexts(world), ['yes']);
  t.is(receiptsOf(world).filter(({status}) => status === 'Delivered').length, 1, 'none for texts of our own');
});

test('both: the platform sees the order too, in French as well, and a STOP inside a sentence is flagged and no more', async t => {
  const world = await withKeywords(t, '{mode: both, languages: [fr, en]}');
  await write(world, 'Please stop calling me');
  await write(world, 'Arrêt');
  await until('both posts', () => postedTexts(world).length === 2);
  await until('the confirmation', () => onPhone(world).length === 1);
  t.regex(onPhone(world)[0] ?? '', /^Votre désabonnement/);
  const [first] = world.peers.nexus.messages.flatMap(({messages}) => messages);
  t.like(first, {metadata: {suspectedOptOut: 'true'}});
});

test('forward without enforce: the list is kept, nothing is answered and nothing held back', async t => {
  const world = await withKeywords(t, '{mode: forward, owner: cx-contact}');
  await write(world, 'STOP');
  await until('the post', () => postedTexts(world).length === 1);
  await world.reaches(await world.send({to: phone, text: 'your confirmation'}), 'delivered');
  t.deepEqual(onPhone(world), ['your confirmation']);
});

test('forward with enforce: the one confirmation of somebody else passes, and after it nothing', async t => {
  const world = await withKeywords(t, '{mode: forward, owner: cx-contact, enforce: true}');
  await write(world, 'STOP');
  await until('the post', () => postedTexts(world).length === 1);
  await world.reaches(await world.send({to: phone, text: 'you are out'}), 'delivered');
  await world.reaches(await world.send({to: phone, text: 'and a sale'}), 'failed');
  t.deepEqual(onPhone(world), ['you are out']);
});

test('Twilio’s own opt-out: we add no second answer; what Twilio refuses with 21610 is on the list', async t => {
  const world = await withKeywords(t, '{mode: handle}');
  const {twilio} = world.peers;
  const inbound = {webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`, to: `+${made.twilioChannel}`};
  await twilio.sendFromPhone({...inbound, from: phone, text: 'STOP', optOutType: 'STOP'});
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: 'a sale'}), 'failed');
  t.deepEqual(
    twilio.messages.filter(({direction}) => direction !== 'inbound'),
    [],
  );
  twilio.fail({kind: 'answer', status: 400, code: 21610, message: 'unsubscribed recipient'});
  const other = '+14155550124';
  await world.reaches(await world.send({channel: made.twilioChannel, to: other, text: 'a sale'}), 'failed');
  const second = await world.reaches(await world.send({channel: made.twilioChannel, to: other, text: 'two'}), 'failed');
  t.deepEqual(second.segments, [], 'Twilio is not asked again');
});

test('a phone that says STOP by WhatsApp is out however the platform writes its number', async t => {
  const sender = `whatsapp:+${made.twilioChannel}`;
  const edit = (file: string) => file.replace(`address: "+${made.twilioChannel}"`, `address: "${sender}"`);
  const world = await withKeywords(t, '{mode: handle}', {}, edit);
  const {twilio} = world.peers;
  const webhookUrl = `${world.front.url}/twilio/twilio-main/inbound`;
  const send = (text: string) => world.send({channel: made.twilioChannel, to: `whatsapp:${phone}`, text});
  await world.reaches(await send('hello'), 'delivered');
  t.like(twilio.messages[0], {From: sender, To: `whatsapp:${phone}`});
  await twilio.sendFromPhone({webhookUrl, to: sender, from: `whatsapp:${phone}`, text: 'STOP'});
  t.like(await world.reaches(await send('a sale'), 'failed'), {reason: {code: 'RecipientOptedOut'}});
  for (const written of [phone, `whatsapp:${phone}`]) {
    const {body} = await world.api(`/api/messages?phone=${encodeURIComponent(written)}&direction=outbound`);
    const texts = body.messages as Array<{to: string}>;
    t.is(texts.length, 3, 'two of the platform, one answer');
    t.true(texts.every(({to}) => to === phone));
  }
});

test('a pause names a phone as its platform writes it', async t => {
  const edit = (file: string) =>
    file.replace(`address: "+${made.twilioChannel}"`, `address: "whatsapp:+${made.twilioChannel}"`);
  const world = await withKeywords(t, '{mode: handle}', {}, edit);
  const filter = {phone: `whatsapp:${phone}`};
  await world.api('/api/pause', filter);
  const messageId = await world.send({channel: made.twilioChannel, to: filter.phone, text: 'hello'});
  const isHeld = async () => (await world.message(messageId)).events.some(({event}) => event === 'held_back');
  await until('it to be held back or sent', async () => (await isHeld()) || world.peers.twilio.messages.length > 0);
  t.true(await isHeld());
  t.is((await world.api('/api/resume', filter)).status, 200);
  await world.reaches(messageId, 'delivered');
});

test('who has no number can’t be written to, and orders nothing: the platform gets the text, the lists stay numbers', async t => {
  const world = await withKeywords(t, '{mode: handle}');
  const names = ['ACME Bank', '=1+cmd', 'anna@example.com'];
  for (const from of names) await world.peers.smsc.sendFromPhone({from, to: made.smppChannel, text: 'STOP'});
  await until('the texts at the platform', () => postedTexts(world).length === names.length);
  t.deepEqual((await world.api('/api/consent')).body.consents, []);
  await write(world, 'STOP');
  await until('the one confirmation', () => onPhone(world).length === 1);
  t.is(world.peers.smsc.phones.length, 1);
});

test('a code of the SMSC that is mapped to it opts the phone out of that sender', async t => {
  const smsc = `    advancedConfiguration:
      protocolSpecificCodeMapping:
        "1040": {genericErrorCode: 3, genericErrorCause: RECIPIENT_OPTED_OUT, description: the phone said no}`;
  const world = await withKeywords(t, '{mode: handle}', {smsc});
  world.peers.smsc.faults.next.push({status: 0x410});
  t.like(await world.reaches(await world.send({to: phone, text: 'one'}), 'failed'), {
    reason: {code: 'RecipientOptedOut'},
  });
  const second = await world.reaches(await world.send({to: phone, text: 'two'}), 'failed');
  t.deepEqual(second.segments, [], 'the SMSC is not asked again');
});

test('a phone that opts out of a platform’s list is out of all its channels', async t => {
  const world = await withKeywords(t, '{mode: handle, list: platform}');
  await write(world, 'STOP');
  await until('the confirmation', () => onPhone(world).length === 1);
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: 'a sale'}), 'failed');
  t.is(world.peers.twilio.messages.length, 0);
});

test('a flood of STOPs and a queue full of bulk texts: one confirmation, and nothing from one second on', async t => {
  await floodAndStop(t, 500, 30_000);
});

test('what is opted out stays so over a restart', async t => {
  const world = await withKeywords(t, '{mode: handle}');
  await write(world, 'STOP');
  await until('the confirmation', () => onPhone(world).length === 1);
  await world.restart();
  await world.reaches(await world.send({to: phone, text: 'a sale'}), 'failed');
  t.is(onPhone(world).length, 1);
});
