import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';
const fast = '    messagesPerSecond: 200';

function phones(count: number): string[] {
  return Array.from({length: count}, (_, index) => `+1415555${2000 + index}`);
}

function withSecondAccount(file: string): string {
  return file
    .replace(/ {2}smsc-a:\n(?: {4}.*\n)+/, account => account + account.replace('smsc-a', 'smsc-b'))
    .replace('carriers: [smsc-a]', 'carriers: [smsc-a, smsc-b]');
}

function statusesOf(world: World): string[] {
  return world.peers.nexus.receipts.flatMap(({messages}) =>
    messages.map(message => (message as {status: string}).status),
  );
}

test('what waits for a carrier without a link moves to the next one that may take it', async t => {
  const second = `    carriers: [smsc-a, {carrier: twilio-main, address: "+16504661151", senderMayChange: true}]`;
  const more = {smsc: fast, smppChannel: '    failoverAfter: 200ms'};
  const world = await startWorld(t, {more, edit: file => file.replace('    carriers: [smsc-a]', second)});
  const {smsc, twilio} = world.peers;
  smsc.faults.refuseBinds = 0x0d;
  smsc.disconnectAll();
  await until('no link', async () => smsc.sessions().length === 0);
  const messageId = await world.send({to, text: 'by another way'});
  const record = await world.reaches(messageId, 'delivered');
  t.is(record.carrier, 'twilio-main');
  t.is(smsc.submits.length, 0);
  t.like(twilio.messages[0], {Body: 'by another way'});
  t.true(record.events.some(({event}) => event === 'failover'));
});

test('another sender is never used unless the channel allows it', async t => {
  const second = `    carriers: [smsc-a, {carrier: twilio-main, address: "+16504661151"}]`;
  const more = {smsc: fast, smppChannel: '    failoverAfter: 0s\n    sendWithin: 3s'};
  const world = await startWorld(t, {more, edit: file => file.replace('    carriers: [smsc-a]', second)});
  world.peers.smsc.faults.refuseBinds = 0x0d;
  world.peers.smsc.disconnectAll();
  const messageId = await world.send({to, text: 'only from my own number'});
  const record = await world.reaches(messageId, 'expired');
  t.is(record.reason?.code, 'MessageExpired');
  t.is(world.peers.twilio.messages.length, 0);
  await until('the receipt', () => statusesOf(world).length === 1);
  t.deepEqual(statusesOf(world), ['Failed']);
});

test('a text that each of its carriers refuses by account is tried by each once, and fails', async t => {
  const world = await startWorld(t, {
    more: {smsc: fast},
    edit: withSecondAccount,
  });
  const {smsc} = world.peers;
  smsc.faults.next.push(...Array.from({length: 10}, () => ({status: 0x0a})));
  const messageId = await world.send({to, text: 'from a number nobody knows'});
  await until('the receipt', () => statusesOf(world).length === 1);
  t.is((await world.message(messageId)).state, 'failed');
  t.is(smsc.submits.length, 2);
});

test('a text that is replayed is tried by each of its carriers anew', async t => {
  const world = await startWorld(t, {more: {smsc: fast}, edit: withSecondAccount, peers: {smsc: {receipts: 'none'}}});
  const {smsc} = world.peers;
  smsc.faults.next.push({status: 0x0a}, {status: 0x0a});
  const messageId = await world.send({to, text: 'until it works'});
  t.is((await world.reaches(messageId, 'failed')).carrier, 'smsc-b');
  smsc.faults.next.push({status: 0x0a});
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  t.is((await world.reaches(messageId, 'sent')).carrier, 'smsc-a');
});

test('a text that nobody answered is tried again by its carrier alone, also when that has no link or refuses it', async t => {
  const more = {smsc: `${fast}\n    responseTimeout: 300ms`, smppChannel: '    failoverAfter: 0s'};
  const third = '{carrier: twilio-main, address: "+16504661151", senderMayChange: true}';
  const edit = (file: string) => withSecondAccount(file).replace('[smsc-a, smsc-b]', `[smsc-a, smsc-b, ${third}]`);
  const world = await startWorld(t, {more, edit, peers: {smsc: {receipts: 'none'}}});
  const {smsc, twilio} = world.peers;
  smsc.faults.next.push({silent: true}, {silent: true});
  const waiting = await world.send({to, text: 'perhaps sent'});
  const refused = await world.send({to: '+14155550124', text: 'perhaps sent too'});
  for (const id of [waiting, refused]) await world.reaches(id, 'unknown');

  smsc.faults.next.push({status: 0x0a});
  t.is((await world.api(`/api/messages/${refused}/settle`, {as: 'retry'})).status, 200);
  t.is((await world.reaches(refused, 'failed')).carrier, 'smsc-a');

  smsc.faults.refuseBinds = 0x0d;
  smsc.disconnectAll();
  await until('no link', async () => smsc.sessions().length === 0);
  t.is((await world.api(`/api/messages/${waiting}/settle`, {as: 'retry'})).status, 200);
  const other = await world.send({to: '+14155550125', text: 'never tried'});
  t.is((await world.reaches(other, 'delivered')).carrier, 'twilio-main');
  t.deepEqual(
    twilio.messages.map(({Body}) => Body),
    ['never tried'],
  );
  smsc.faults.refuseBinds = undefined;
  t.is((await world.reaches(waiting, 'sent', 60_000)).carrier, 'smsc-a');
});

test('pause holds a channel within a second, over a restart, and resume lets it go on in order', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc} = world.peers;
  t.is((await world.api('/api/pause', {channel: made.smppChannel, reason: 'a test'})).status, 200);
  const other = await world.send({channel: made.twilioChannel, to, text: 'another channel'});
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await world.send({to, text});
  await world.reaches(other, 'delivered');
  await world.restart();
  t.is(smsc.submits.length, 0);
  t.is((await world.api('/api/resume', {channel: made.smppChannel})).status, 200);
  await until('three texts', () => smsc.phones.length === 3);
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    texts,
  );
});

test('purge ends what waits, counted before and after, with a receipt for each', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'a wrong campaign'});
  await Promise.all(phones(30).map(phone => world.send({to: phone, text: 'wrong'})));
  const counted = await world.api('/api/purge', {channel: made.smppChannel, reason: 'wrong'});
  t.like(counted.body, {waiting: 30, purged: 0});
  const purged = await world.api('/api/purge', {channel: made.smppChannel, reason: 'wrong', confirm: true});
  t.like(purged.body, {purged: 30});
  await world.api('/api/resume', {channel: made.smppChannel});
  await until('thirty receipts', () => statusesOf(world).length === 30);
  t.true(statusesOf(world).every(status => status === 'Failed'));
  t.is(smsc.submits.length, 0);
});

test('a text that nobody answered is sent again by the channel that says so, with the same reference', async t => {
  let skippedMs = 0;
  const more = {smsc: `${fast}\n    responseTimeout: 300ms`, smppChannel: '    unknown: retry'};
  const world = await startWorld(t, {more, now: () => Date.now() + skippedMs, peers: {smsc: {receipts: 'none'}}});
  const {smsc} = world.peers;
  smsc.faults.next.push({silent: true});
  const messageId = await world.send({to, text: 'twice if need be'});
  await world.reaches(messageId, 'unknown');
  skippedMs = 61_000;
  await world.reaches(messageId, 'sent');
  t.is(smsc.submits.length, 2);
});

test('a clock that is put back holds up nothing that is sent after it', async t => {
  let skippedMs = 3_600_000;
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 5'}, now: () => Date.now() + skippedMs});
  const before = await Promise.all(phones(8).map(phone => world.send({to: phone, text: 'by the wrong clock'})));
  for (const id of before) await world.reaches(id, 'delivered');
  skippedMs = 0;
  await world.reaches(await world.send({to, text: 'by the right one'}), 'delivered');
  t.is(world.peers.smsc.phones.length, 9);
});

test('an operator decides an unknown text', async t => {
  const more = {smsc: `${fast}\n    responseTimeout: 300ms`};
  const world = await startWorld(t, {more, peers: {smsc: {receipts: 'none'}}});
  world.peers.smsc.faults.next.push({silent: true}, {silent: true});
  const [first, second] = [await world.send({to, text: 'one'}), await world.send({to, text: 'two'})];
  await world.reaches(first, 'unknown');
  await world.reaches(second, 'unknown');
  t.is((await world.api(`/api/messages/${first}/settle`, {as: 'failed'})).status, 200);
  t.is((await world.api(`/api/messages/${second}/settle`, {as: 'sent'})).status, 200);
  t.is((await world.message(first)).state, 'failed');
  t.is((await world.message(second)).state, 'sent');
  t.is((await world.api(`/api/messages/${second}/settle`, {as: 'sent'})).status, 409);
});

test('how an operator decided many unknown texts is in the audit', async t => {
  let skippedMs = 0;
  const more = {smsc: `${fast}\n    responseTimeout: 300ms`};
  const world = await startWorld(t, {more, now: () => Date.now() + skippedMs, peers: {smsc: {receipts: 'none'}}});
  world.peers.smsc.faults.next.push({silent: true});
  const messageId = await world.send({to, text: 'one'});
  await world.reaches(messageId, 'unknown');
  skippedMs = 90_000_000;
  await until('its dead letter', async () => (await world.api('/api/dead-letters/count')).body.count === 1);
  const filter = {reason: 'unknown', channel: made.smppChannel};
  t.like((await world.api('/api/dead-letters/settle', {...filter, as: 'failed'})).body, {settled: 1, as: 'failed'});
  const {audits} = (await world.api('/api/audit?action=settle')).body as {audits: Array<{target: unknown}>};
  t.deepEqual(
    audits.map(({target}) => target),
    [{...filter, state: 'unknown', as: 'failed'}],
  );
});

test('an unknown text whose carrier is gone is not sent again, and holds up no other', async t => {
  const more = {smsc: `${fast}\n    responseTimeout: 300ms`};
  let carriers = '[smsc-a]';
  const edit = (file: string) => file.replace('    carriers: [smsc-a]', `    carriers: ${carriers}`);
  const world = await startWorld(t, {more, edit});
  world.peers.smsc.faults.next.push({silent: true});
  const messageId = await world.send({to, text: 'perhaps sent'});
  await world.reaches(messageId, 'unknown');
  carriers = '[{carrier: twilio-main, address: "+16504661151"}]';
  await world.restart();
  const refused = await world.api(`/api/messages/${messageId}/settle`, {as: 'retry'});
  t.is(refused.status, 409);
  t.like(refused.body, {error: {code: 'no_carrier'}});
  await world.reaches(await world.send({to, text: 'the next one'}), 'delivered');
  t.is((await world.api(`/api/messages/${messageId}/settle`, {as: 'failed'})).status, 200);
});

test('an unreadable text is sent once it can be read, under the id Nexus was given', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {nexus, smsc} = world.peers;
  const body = {messages: [{id: 'odd', oddRecipient: '14155550123', text: 'in an odd place'}]};
  const answer = await nexus.sendText({webhookUrl: world.webhookUrl(), channelId: made.smppChannel, body});
  const {messageId} = answer.body as {messageId: string};
  t.is((await world.message(messageId)).state, 'failed');
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 409);
  await world.restart({smsc: fast, nexus: '    contract: {places: {to: [oddRecipient]}}'});
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  t.is(smsc.phones[0]?.text, 'in an odd place');
});

test('a replayed text is sent again in a cycle of its own, with a receipt of its own', async t => {
  let stat: 'UNDELIV' | 'DELIVRD' = 'UNDELIV';
  const world = await startWorld(t, {more: {smsc: fast}, peers: {smsc: {receipts: () => stat}}});
  const messageId = await world.send({to, text: 'again'});
  await world.reaches(messageId, 'failed');
  stat = 'DELIVRD';
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  await until('two receipts', () => statusesOf(world).length === 2);
  t.deepEqual(statusesOf(world), ['Failed', 'Delivered']);
});

test('a stop waits as long as the carrier says, and keeps an answer that comes meanwhile', async t => {
  const waits = '    responseTimeout: 20s\n    stopGrace: 600ms';
  const world = await startWorld(t, {more: {smsc: `${fast}\n${waits}`}, peers: {smsc: {receipts: 'none'}}});
  const {smsc} = world.peers;
  smsc.faults.next.push({lateMs: 300}, {silent: true});
  const late = await world.send({to, text: 'answered late'});
  const silent = await world.send({to, text: 'never answered'});
  await until('both', () => smsc.submits.length === 2);
  const began = performance.now();
  await world.stopGateway();
  t.true(performance.now() - began < 10_000);
  await world.restart();
  t.is((await world.message(late)).state, 'sent');
  t.is((await world.message(silent)).state, 'unknown');
});

test('a campaign that is paused holds a text back that an agent’s reply would hurry, and the reply goes on', async t => {
  const edit = (file: string) => file.replace('    priority: interactive', '    priority: bulk');
  const world = await startWorld(t, {more: {smsc: fast}, edit});
  const {smsc, nexus} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, priority: 'bulk', reason: 'a wrong campaign'});
  const wrong = await world.send({to, text: 'wrong'});
  await smsc.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: 'what is that?'});
  await until('the post', () => nexus.messages.length === 1);
  await world.reaches(await world.send({to, text: 'a mistake'}), 'delivered');
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['a mistake'],
  );
  t.is((await world.message(wrong)).state, 'accepted');
  const purged = await world.api('/api/purge', {channel: made.smppChannel, priority: 'bulk', confirm: true});
  t.like(purged.body, {purged: 1, left: 0});
  t.is((await world.message(wrong)).state, 'failed');
});

test('a purge of a campaign ends what replies hurry too, and no reply', async t => {
  const edit = (file: string) => file.replace('    priority: interactive', '    priority: bulk');
  const world = await startWorld(t, {more: {smsc: fast}, edit});
  const {smsc, nexus} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'to look'});
  const wrong = [await world.send({to, text: 'wrong'}), await world.send({to: '+14155550124', text: 'wrong'})];
  await smsc.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: 'hello?'});
  await until('the post', () => nexus.messages.length === 1);
  const reply = await world.send({to, text: 'a reply'});
  const campaign = {channel: made.smppChannel, priority: 'bulk'};
  for (const filter of [{...campaign, phone: to}, campaign]) {
    t.like((await world.api('/api/purge', filter)).body, {waiting: 1});
    t.like((await world.api('/api/purge', {...filter, confirm: true})).body, {waiting: 1, purged: 1, left: 0});
  }
  await world.api('/api/resume', {channel: made.smppChannel});
  await world.reaches(reply, 'delivered');
  for (const messageId of wrong) t.is((await world.message(messageId)).state, 'failed');
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['a reply'],
  );
});

test('a pause of a phone keeps its order, whatever hurries the first of its texts', async t => {
  const edit = (file: string) => file.replace('    priority: interactive', '    priority: bulk');
  const world = await startWorld(t, {more: {smsc: fast}, edit});
  const {smsc, nexus} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'to look'});
  const first = await world.send({to, text: 'first'});
  await smsc.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: 'hello?'});
  await until('the post', () => nexus.messages.length === 1);
  const second = await world.send({to, text: 'second'});
  await world.api('/api/pause', {phone: to, reason: 'to look closer'});
  await world.api('/api/resume', {channel: made.smppChannel});
  const isHeld = async (id: string) => (await world.message(id)).events.some(({event}) => event === 'held_back');
  await until('the first to be held back', () => isHeld(first));
  await world.reaches(await world.send({to: '+14155550124', text: 'another'}), 'delivered');
  t.false(await isHeld(second), 'it stands behind the first');
  await world.api('/api/resume', {phone: to});
  await world.reaches(second, 'delivered');
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['another', 'first', 'second'],
  );
});
