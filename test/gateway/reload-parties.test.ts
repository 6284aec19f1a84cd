import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';
import {run} from '../provisioning/run.ts';

const more = {smsc: '    messagesPerSecond: 500'};

async function reload(world: World, edit: (file: string) => string): Promise<Record<string, unknown>> {
  world.rewrite(edit);
  return (await world.api('/api/reload', {})).body;
}

test('a Twilio account is made anew while its texts are under way: each leaves once and is told of once', async t => {
  const world = await startWorld(t, {more});
  const {twilio, nexus} = world.peers;
  const phones = Array.from({length: 12}, (_, index) => `+1415555${4000 + index}`);
  await reload(world, file => file.replace('[twilio-main]', '[{carrier: twilio-main, messagesPerSecond: 50}]'));
  const sent = phones.map(to => world.send({channel: made.twilioChannel, to, text: 'by Twilio'}));
  for (const concurrency of [7, 8]) {
    const {changes} = await reload(world, file =>
      file.replace(/(apiUrl: \S+\n)(?: {4}concurrency: \d\n)?/, `$1    concurrency: ${concurrency}\n`),
    );
    t.deepEqual(changes, ['carrier twilio-main changed (concurrency)']);
  }
  for (const id of await Promise.all(sent)) await world.reaches(id, 'delivered');
  t.deepEqual(twilio.messages.map(({To}) => To).sort(), phones);
  await until('every receipt', () => nexus.receipts.filter(({accepted}) => accepted).length >= phones.length);
  t.is(nexus.receipts.filter(({accepted}) => accepted).length, phones.length);
});

test('an unreadable text is sent after a reload that says where its fields are', async t => {
  const world = await startWorld(t, {more: {...more, nexus: '    contract: {}'}});
  const {nexus, smsc} = world.peers;
  const body = {messages: [{id: 'odd', oddRecipient: '14155550123', text: 'in an odd place'}]};
  const answer = await nexus.sendText({webhookUrl: world.webhookUrl(), channelId: made.smppChannel, body});
  const {messageId} = answer.body as {messageId: string};
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 409);
  const {changes} = await reload(world, file =>
    file.replace('contract: {}', 'contract: {places: {to: [oddRecipient]}}'),
  );
  t.deepEqual(changes, ['platform acme changed (contract)']);
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  t.is(smsc.phones[0]?.text, 'in an odd place');
});

test('the script that adds a channel leaves one that works', async t => {
  const world = await startWorld(t, {more});
  const {nexus} = world.peers;
  const channel = '16504661199';
  const [webhookSecret, apiSecret] = ['brand-new-webhook', 'brand-new-api'];
  const {code, stderr} = await run(t, 'gateway-channel.sh', ['--folder', 'channels.d'], {
    folder: world.folder,
    env: {
      asyncPhoneNumber: channel,
      asyncWebhookSignatureKey: webhookSecret,
      asyncAPISignatureKey: apiSecret,
      gatewayURL: `http://127.0.0.1:${world.gateway().managementPort}`,
      gatewayToken: made.token,
      gatewayPlatform: 'acme',
      gatewayCarriers: 'smsc-a',
    },
  });
  t.is(code, 0, stderr);
  nexus.setChannels([{channelId: channel, webhookSecret, apiSecret}]);
  await world.reaches(await world.send({channel, to: '+14155550123', text: 'from the third'}), 'delivered');
  await until('its receipt', () => nexus.receipts.some(({accepted, channelId}) => accepted && channelId === channel));
  const {body} = await world.api('/api/audit?action=reload');
  t.like((body.audit as object[] | undefined)?.[0] ?? Object.values(body).flat()[0], {outcome: 'done'});
});

test('a number that moves to another channel in one reload is answered by the new one, and the queue of the former is sent', async t => {
  const world = await startWorld(t, {more});
  const {nexus, smsc} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'a backlog'});
  const id = await world.send({to: '+14155550123', text: 'of the former channel'});
  const renamed = 'main-number';
  const {changes} = await reload(world, file => file.replace(`id: "${made.smppChannel}"`, `id: ${renamed}`));
  t.deepEqual(changes, [`channel acme ${made.smppChannel} removed`, `channel acme ${renamed} added`]);
  const {webhookSecret, apiSecret} = made;
  nexus.setChannels([made.smppChannel, renamed].map(channelId => ({channelId, webhookSecret, apiSecret})));
  await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'to the number'});
  await until('it at Nexus', () => nexus.messages.some(({accepted, channelId}) => accepted && channelId === renamed));
  await world.api('/api/resume', {channel: made.smppChannel});
  await world.reaches(id, 'delivered');
  await until('its receipt', () => nexus.receipts.some(({channelId}) => channelId === made.smppChannel));
});
