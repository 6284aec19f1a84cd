import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';
const other = '+14155550124';
const fast = '    messagesPerSecond: 200';

function statusesOf(world: World): string[] {
  return world.peers.nexus.receipts.flatMap(({messages}) =>
    messages.map(message => (message as {status: string}).status),
  );
}

/** A text as Nexus sends it, and how it was answered. */
function post(world: World, text: {id: string; to: string; channelId?: string}) {
  const {channelId = made.smppChannel} = text;
  return world.peers.nexus.sendText({
    webhookUrl: world.webhookUrl(channelId),
    channelId,
    id: text.id,
    to: text.to,
    text: 'hello',
  });
}

async function isDrained(world: World): Promise<boolean> {
  const {body} = await world.api('/api/gates');
  return (body.gates as Array<{drained: boolean}>).every(({drained}) => drained);
}

test('a channel that is drained takes no text, sends what waits, is drained over a restart, and takes texts after resume', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel});
  const ids = await Promise.all(['one', 'two', 'three'].map(text => world.send({to, text})));
  const drained = await world.api('/api/drain', {channel: made.smppChannel, reason: 'a new campaign first'});
  t.like(drained.body, {queues: 2, waiting: 3});
  t.false(await isDrained(world), 'what is paused waits on');

  const refused = await post(world, {id: 'refused', to});
  t.is(refused.status, 503);
  t.like(refused.body, {error: {code: 'draining'}});
  t.is((await post(world, {id: 'elsewhere', to, channelId: made.twilioChannel})).status, 200);
  await world.restart();
  t.is((await post(world, {id: 'refused', to})).status, 503);
  t.is(smsc.submits.length, 0);

  await world.api('/api/resume', {channel: made.smppChannel});
  await Promise.all(ids.map(id => world.reaches(id, 'delivered')));
  t.is((await post(world, {id: 'refused', to})).status, 200, 'the same filter ends both, the pause and the drain');
});

test('a drained channel tells when nothing of it is left', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const ids = await Promise.all(['one', 'two'].map(text => world.send({to, text})));
  await world.api('/api/drain', {channel: made.smppChannel});
  await until('the drain to end', () => isDrained(world));
  for (const id of ids) t.is((await world.reaches(id, 'delivered')).state, 'delivered');
});

test('of a carrier that is drained everything goes by the next one at once, and its receipts still count', async t => {
  const second = `    carriers: [smsc-a, {carrier: twilio-main, address: "+16504661151", senderMayChange: true}]`;
  const more = {smsc: fast, smppChannel: '    failoverAfter: 1h'};
  const world = await startWorld(t, {
    more,
    edit: file => file.replace('    carriers: [smsc-a]', second),
    peers: {smsc: {receipts: 'none'}},
  });
  const {smsc, twilio} = world.peers;
  const before = await world.send({to, text: 'by the first'});
  await world.reaches(before, 'sent');
  await world.api('/api/drain', {carrier: 'smsc-a', reason: 'maintenance'});
  const after = await world.send({to: other, text: 'by the second'});
  t.is((await world.reaches(after, 'delivered')).carrier, 'twilio-main');
  t.is(smsc.submits.length, 1);
  t.like(twilio.messages[0], {Body: 'by the second'});
  await until('nothing left', () => isDrained(world));
  t.is((await world.api('/api/resume', {carrier: 'smsc-a'})).status, 200);
  const again = await world.send({to: other, text: 'by the first again'});
  t.is((await world.reaches(again, 'sent')).carrier, 'smsc-a');
});

test('a text to a phone that is paused waits, others go on, and it leaves at once when the phone is resumed', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc} = world.peers;
  t.is((await world.api('/api/pause', {phone: to, reason: 'asked by phone'})).status, 200);
  const [held, free] = [await world.send({to, text: 'held'}), await world.send({to: other, text: 'free'})];
  await world.reaches(free, 'delivered');
  await until('its look', async () => (await world.message(held)).events.some(({event}) => event === 'held_back'));
  await world.restart();
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['free'],
  );
  t.is((await world.api('/api/resume', {phone: to})).status, 200);
  await world.reaches(held, 'delivered');
  t.is(smsc.phones.length, 2);
});

test('a phone that is drained is refused, others are taken', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  await world.api('/api/drain', {phone: to});
  t.is((await post(world, {id: 'a', to})).status, 503);
  t.is((await post(world, {id: 'b', to: other})).status, 200);
});

test('a wrong campaign is purged by the time it was accepted, counted first, and each text is told as failed', async t => {
  let skippedMs = 0;
  const world = await startWorld(t, {more: {smsc: fast}, now: () => Date.now() + skippedMs});
  await world.api('/api/pause', {channel: made.smppChannel});
  const wrong = await Promise.all(
    ['one', 'two', 'three'].map((text, index) => world.send({to: `+1415555013${index}`, text})),
  );
  skippedMs = 60_000;
  const between = Date.now() + skippedMs / 2;
  const right = await world.send({to, text: 'right'});
  const filter = {channel: made.smppChannel, acceptedBefore: new Date(between).toISOString()};
  t.like((await world.api('/api/purge', filter)).body, {waiting: 3, underWay: 0, purged: 0});
  t.like((await world.api('/api/purge', {...filter, confirm: true})).body, {waiting: 3, purged: 3, left: 0});
  await until('three receipts', () => statusesOf(world).length === 3);
  t.deepEqual(statusesOf(world), ['Failed', 'Failed', 'Failed']);
  for (const id of wrong) t.is((await world.message(id)).state, 'failed');
  await world.api('/api/resume', {channel: made.smppChannel});
  await world.reaches(right, 'delivered');
});

test('every action of an operator is in the audit, with its counts, and no phone unmasked', async t => {
  const world = await startWorld(t, {more: {smsc: fast, smppChannel: '    keywords: {mode: handle}'}});
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'wrong list'});
  const id = await world.send({to, text: 'secret words'});
  await world.api(`/api/messages/${id}?text=1`);
  await world.api('/api/purge', {phone: to, confirm: true});
  await world.api(`/api/messages/${id}/replay`, {});
  await world.api('/api/drain', {channel: made.smppChannel});
  await world.api('/api/resume', {channel: made.smppChannel});
  await world.api('/api/reload', {});
  await world.api('/api/record', {for: '1m'});
  await world.api('/api/record', {stop: true});
  const {body} = await world.api('/api/audit?limit=100');
  const audits = body.audits as Array<Record<string, unknown>>;
  t.deepEqual(audits.map(({action, outcome}) => (action === 'reload' ? action : `${action} ${outcome}`)).reverse(), [
    'pause done',
    'text_shown done',
    'purge done',
    'replay done',
    'drain done',
    'resume done',
    'resume done',
    'reload',
    'record done',
    'record done',
  ]);
  const purge = audits.find(({action}) => action === 'purge');
  t.like(purge, {by: {name: 'sandbox', via: 'api'}, before: 1, done: 1, after: 0});
  t.false(JSON.stringify(audits).includes(to));
  t.false(JSON.stringify(audits).includes('secret words'));
  await world.restart();
  t.deepEqual((await world.api('/api/audit?limit=100')).body.audits, audits);
});
