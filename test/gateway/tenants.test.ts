import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const secret = 'second-tenant-webhook-secret';

/** A second tenant whose channel has the same id, with a sender and secrets of its own. */
function addTenant(file: string): string {
  const url = /url: (http:\S+)/.exec(file)?.[1];
  return file
    .replace('\ncarriers:\n', `  beta:\n    type: nexus\n    url: ${url}\n    ccid: ${made.ccid}\n\ncarriers:\n`)
    .concat(`
  - id: "${made.smppChannel}"
    platform: beta
    address: "+16504661152"
    webhookSecret: ${secret}
    apiSecret: ${made.apiSecret}
    carriers: [smsc-a]
`);
}

test('the same channel id in two tenants: the path tells them apart, each with its own secret and sender', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 200'}, edit: addTenant});
  const {nexus, smsc} = world.peers;
  const channelId = made.smppChannel;
  const to = '+14155550123';
  const beta = {
    webhookUrl: `${world.front.url}/nexus/webhook/beta/${channelId}`,
    channelId,
    to,
    text: 'of beta',
    id: '1',
  };
  t.is((await nexus.sendText(beta)).status, 401, 'the secret of one tenant does not open the other');
  const answer = await nexus.sendText({...beta, secret});
  t.is(answer.status, 200);
  const ofBeta = (answer.body as {messageId: string}).messageId;
  const ofAcme = await world.send({to, text: 'of beta', id: '1'});
  t.not(ofBeta, ofAcme);
  t.like(await world.reaches(ofBeta, 'delivered'), {from: '+16504661152', platform: 'beta'});
  t.like(await world.reaches(ofAcme, 'delivered'), {from: `+${channelId}`, platform: 'acme'});
  t.is(smsc.phones.length, 2);
  const short = {webhookUrl: `${world.front.url}/nexus/webhook/${channelId}`, channelId, to, text: 'whose?', id: '2'};
  t.is((await nexus.sendText(short)).status, 404, 'without a tenant in the path the id is not unique');
  await until('two receipts', () => nexus.receipts.length === 2);
});

test('a tenant whose queue is full is told to come again, while the other is served', async t => {
  const limits = 'limits: {maxOutboundPerPlatform: 2}';
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 200', top: limits}, edit: addTenant});
  const channelId = made.smppChannel;
  const webhookUrl = `${world.front.url}/nexus/webhook/beta/${channelId}`;
  const write = (id: string) =>
    world.peers.nexus.sendText({webhookUrl, channelId, secret, to: '+14155550123', text: 'of beta', id});
  await world.api('/api/pause', {platform: 'beta', reason: 'a test'});
  t.is((await write('1')).status, 200);
  t.is((await write('2')).status, 200);
  const full = await write('3');
  t.is(full.status, 503);
  t.regex(String(full.headers['retry-after']), /^[1-9]\d*$/);
  await world.reaches(await world.send({to: '+14155550123', text: 'of acme'}), 'delivered');
  const headers = {authorization: `Bearer ${made.token}`};
  const answer = await fetch(`http://127.0.0.1:${world.gateway().managementPort}/metrics`, {headers});
  const metrics = await answer.text();
  t.regex(metrics, /nexus_gateway_accepted_total\{direction="outbound",platform="beta",result="unavailable"\} 1/);
  await world.api('/api/resume', {platform: 'beta'});
  await until('room again', async () => (await write('3')).status === 200);
});

test('a pause of one tenant leaves the other alone', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 200'}, edit: addTenant});
  t.is((await world.api('/api/pause', {platform: 'beta', reason: 'a test'})).status, 200);
  const messageId = await world.send({to: '+14155550123', text: 'of acme'});
  await world.reaches(messageId, 'delivered');
  t.is(world.peers.smsc.phones.length, 1);
});
