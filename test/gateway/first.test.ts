import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

test('a text goes from Nexus to a phone by SMPP, and its receipt comes back signed', async t => {
  const world = await startWorld(t);
  const messageId = await world.send({to: '+14155550123', text: 'Your parcel is here.'});
  const record = await world.reaches(messageId, 'delivered');
  t.is(record.segments.length, 1);
  t.is(world.peers.smsc.phones[0]?.text, 'Your parcel is here.');
  const post = await until('the receipt at Nexus', () => world.peers.nexus.receipts[0]);
  t.true(post.signatureOk);
  t.like(post.messages[0], {id: messageId, type: 'Receipt', status: 'Delivered', isFinalReceipt: true});
  t.is(world.peers.nexus.receipts.length, 1);
});

test('a text goes from Nexus to a phone by Twilio, and its receipt comes back signed', async t => {
  const world = await startWorld(t);
  const messageId = await world.send({channel: made.twilioChannel, to: '+14155550123', text: 'Your parcel is here.'});
  await world.reaches(messageId, 'delivered');
  t.like(world.peers.twilio.messages[0], {To: '+14155550123', From: '+16504661150', Body: 'Your parcel is here.'});
  const post = await until('the receipt at Nexus', () => world.peers.nexus.receipts[0]);
  t.like(post.messages[0], {id: messageId, status: 'Delivered'});
});

test('a text from a phone reaches Nexus, by both carriers', async t => {
  const world = await startWorld(t);
  t.deepEqual(
    await world.peers.smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'STOP it, please €'}),
    [0],
  );
  const answer = await world.peers.twilio.sendFromPhone({
    webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`,
    from: '+14155550123',
    to: `+${made.twilioChannel}`,
    text: 'and hello',
  });
  t.is(answer.status, 200);
  await until('two posts', () => world.peers.nexus.messages.length === 2);
  const texts = world.peers.nexus.messages
    .flatMap(post => post.messages)
    .map(message => (message as {text: string}).text);
  t.deepEqual(texts.sort(), ['STOP it, please €', 'and hello']);
  t.true(world.peers.nexus.messages.every(post => post.signatureOk && post.accepted));
});
