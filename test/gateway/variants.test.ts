import {join} from 'node:path';
import test from 'ava';
import {loadConfig} from '../../src/config.ts';
import {openPlatforms} from '../../src/gateway.ts';
import type {NexusVariant} from '../../src/sandbox/nexus-wire.ts';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';
import {silent} from '../store/silent.ts';

const to = '+14155550123';
const smsc = '    messagesPerSecond: 500';

function accepted(posts: World['peers']['nexus']['messages']) {
  return posts.filter(post => post.accepted);
}

async function replayAll(world: World): Promise<void> {
  const {deadLetters} = (await world.api('/api/dead-letters')).body as {deadLetters: Array<{messageId: string}>};
  for (const {messageId} of deadLetters) await world.api(`/api/messages/${messageId}/replay`, {});
}

/** What `probe` would write into the file. */
async function probe(world: World, live: boolean): Promise<Record<string, string>> {
  const platform = openPlatforms(loadConfig({path: join(world.folder, 'gateway.yaml'), env: {}}), silent).get('acme');
  const report = await platform?.probe?.({channel: made.smppChannel, ...(live ? {live: {phone: to}} : {})});
  await platform?.stop();
  const differing = report?.findings.filter(({differs, sure}) => differs && sure !== 'unknown') ?? [];
  return Object.fromEntries(differing.map(({setting, value}) => [setting.replace('contract.', ''), value]));
}

/**
 * One text each way comes to a Nexus that differs in one thing, while the file says the likeliest. The file is corrected: by hand as `contract`,
 * and by what `probe` found where it can.
 */
const adapts = test.macro({
  async exec(t, variant: Partial<NexusVariant>, contract: string, found?: Record<string, string>, before = '{}') {
    let skippedMs = 0;
    const now = () => Date.now() + skippedMs;
    const world = await startWorld(t, {peers: {nexus: {variant}}, more: {smsc, nexus: `    contract: ${before}`}, now});
    const {nexus} = world.peers;
    const messageId = await world.send({to, text: 'out'});
    await world.reaches(messageId, 'delivered');
    await world.peers.smsc.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: 'in'});
    await until('trouble', async () => {
      const {deadLetters} = (await world.api('/api/dead-letters')).body as {deadLetters: unknown[]};
      return deadLetters.length > 0 || world.lines.some(line => line.includes('"queue.parked"'));
    });
    const others = () =>
      accepted(nexus.messages).filter(post => (post.messages[0] as {text?: string}).text !== 'in').length;
    const blind = await probe(world, false);
    t.is(others(), 0, 'nothing was created by looking');
    if (found !== undefined) t.like({...(await probe(world, true)), ...blind}, found);
    const probed = others();
    t.is(probed, found === undefined ? 0 : 1);

    await world.restart({smsc, nexus: `    contract: ${contract}`});
    skippedMs = 31_000;
    await replayAll(world);
    await until('the text from the phone', () =>
      accepted(nexus.messages).some(post => (post.messages[0] as {text?: string}).text === 'in'),
    );
    await until('the receipt', () =>
      accepted(nexus.receipts).some(post => post.messages.some(one => JSON.stringify(one).includes(messageId))),
    );
    t.is(others(), probed, 'no receipt was taken for a text');
    t.is(accepted(nexus.messages).length, 1 + probed);
    const told = accepted(nexus.receipts).filter(post => JSON.stringify(post.messages).includes(messageId));
    t.is(told.length, 1);
    t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
  },
  title: (title = '') => `adapts to ${title}: nothing is lost`,
});

test(
  'another path for texts',
  adapts,
  {messagePath: '/channels/{channelId}/message'},
  '{inboundPath: "/channels/{channelId}/message"}',
  {inboundPath: '/channels/{channelId}/message'},
);
test(
  'another path for receipts',
  adapts,
  {receiptPath: '/channels/{channelId}/receipt'},
  '{receiptPath: "/channels/{channelId}/receipt"}',
  {receiptPath: '/channels/{channelId}/receipt'},
);
test('another base path', adapts, {basePath: '/digital/v3'}, '{basePath: /digital/v3}');
test(
  'receipts that are messages',
  adapts,
  {receiptAsMessage: true, receiptPath: '/none/{channelId}/receipts'},
  '{receiptAsMessage: true}',
);
test('a text alone', adapts, {messageEnvelope: 'single'}, '{inboundEnvelope: single}', {inboundEnvelope: 'single'});
test('data around texts', adapts, {messageEnvelope: 'data'}, '{inboundEnvelope: data}', {inboundEnvelope: 'data'});
test('data around receipts', adapts, {receiptEnvelope: 'dataSingle'}, '{receiptEnvelope: dataSingle}', {
  receiptEnvelope: 'dataSingle',
});
test('numbers with a plus', adapts, {numberForm: 'e164'}, '{numberForm: e164}', {numberForm: 'e164'});
test('another spelling of the channel type', adapts, {channelType: 'SMS'}, '{channelType: SMS}', {channelType: 'SMS'});
test(
  'the id in id alone',
  adapts,
  {messageIdIn: 'id'},
  '{messageIdIn: id}',
  {messageIdIn: 'both'},
  '{messageIdIn: channel.messageId}',
);
test(
  'the id in channel.messageId alone',
  adapts,
  {messageIdIn: 'channel.messageId'},
  '{messageIdIn: channel.messageId}',
  {messageIdIn: 'both'},
  '{messageIdIn: id}',
);
test('an API key', adapts, {apiKey: 'key-1'}, '{apiKey: key-1}');

test('signatures in base64: refused as 503 for a while, Nexus delivers again, and nothing is lost', async t => {
  const lenient = '    contract: {badSignatureStatus: {status: 503, until: "2099-01-01T00:00:00Z"}}';
  const world = await startWorld(t, {
    peers: {nexus: {variant: {signatureEncoding: 'base64'}}},
    more: {smsc, nexus: lenient},
  });
  const {nexus} = world.peers;
  const delivery = nexus.sendText({
    webhookUrl: world.webhookUrl(),
    channelId: made.smppChannel,
    to,
    text: 'out',
    attempts: 200,
    retryMs: 50,
  });
  await until('a refusal', () => world.lines.some(line => line.includes('"nexus.webhook.refused"')));
  await world.restart({smsc, nexus: '    contract: {signatureEncoding: base64}'});
  t.false(world.lines.some(line => line.includes('"http.refused"')));
  const {status, body} = await delivery;
  t.is(status, 200);
  await world.reaches((body as {messageId: string}).messageId, 'delivered');
  await until('the receipt', () => accepted(nexus.receipts).length === 1);
});

const picture = {contentType: 'image/png', body: Buffer.from('89504e470d0a1a0a01020304', 'hex')};

const uploads = test.macro({
  async exec(t, variant: Partial<NexusVariant>, media: string) {
    let skippedMs = 0;
    const now = () => Date.now() + skippedMs;
    const world = await startWorld(t, {peers: {nexus: {variant}}, now});
    const {nexus, twilio} = world.peers;
    const webhookUrl = `${world.front.url}/twilio/twilio-main/inbound`;
    await twilio.sendFromPhone({webhookUrl, from: to, to: `+${made.twilioChannel}`, text: 'in', media: [picture]});
    await until('a post that did not pass', () =>
      world.lines.some(line => line.includes('"inbound.post_unavailable"')),
    );
    t.deepEqual(accepted(nexus.messages), [], 'the text waits for its picture');
    await world.restart({nexus: `    contract: {media: ${media}}`});
    skippedMs = 31_000;
    const post = await until('the text', () => accepted(nexus.messages)[0]);
    const [message] = post.messages as Array<{content: Array<{attachment: {url: string}}>}>;
    t.deepEqual(nexus.file(message?.content[0]?.attachment.url ?? '')?.bytes, picture.body);
    t.is(accepted(nexus.messages).length, 1);
  },
  title: (title = '') => `adapts to ${title}: the picture arrives`,
});

test('uploads signed over the file', uploads, {mediaSignature: 'file'}, '{signature: file}');
test(
  'another path for uploads',
  uploads,
  {mediaPath: '/channels/{channelId}/files'},
  '{uploadPath: "/channels/{channelId}/files"}',
);

/** A RichMedia that nobody has described: what every member is called is told by the file alone. */
function toStrange(id: string, phone: string, text: string) {
  return {parcel: {nr: id, whom: phone.slice(1), words: text, kind: 'sms'}};
}

test('what Nexus delivers again after the settings were mended is sent once, whenever it is replayed', async t => {
  const world = await startWorld(t, {more: {smsc}});
  const webhookUrl = world.webhookUrl();
  const deliver = async (id: string) => {
    const body = toStrange(id, to, `text ${id}`);
    const answer = await world.peers.nexus.sendText({webhookUrl, channelId: made.smppChannel, body});
    t.is(answer.status, 200);
    return (answer.body as {messageId: string}).messageId;
  };
  const ids = [await deliver('before'), await deliver('after')];
  for (const id of ids) await world.reaches(id, 'failed');
  const contract = '{places: {id: [parcel.nr], to: [parcel.whom], text: [parcel.words]}}';
  await world.restart({smsc, nexus: `    contract: ${contract}`});
  await world.reaches(await deliver('before'), 'delivered');
  await replayAll(world);
  await world.reaches(ids[1] ?? '', 'delivered');
  await deliver('after');
  await world.reaches(await world.send({to, text: 'the last'}), 'delivered');
  t.deepEqual(
    world.peers.smsc.phones.map(({text}) => text),
    ['text before', 'text after', 'the last'],
  );
  t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
});

test('adapts to members of other names: each text of the first hour is read again and sent once', async t => {
  const world = await startWorld(t, {more: {smsc}});
  const {nexus, smsc: pretend} = world.peers;
  const phones = [to, '+14155550124', '+14155550125'];
  const ids: string[] = [];
  for (let number = 0; number < 9; number += 1) {
    const body = toStrange(`id-${number}`, phones[number % 3] ?? to, `text ${number}`);
    const webhookUrl = world.webhookUrl();
    const {status, body: answer} = await nexus.sendText({webhookUrl, channelId: made.smppChannel, body});
    t.is(status, 200);
    ids.push((answer as {messageId: string}).messageId);
  }
  for (const id of ids) await world.reaches(id, 'failed');
  t.is(pretend.phones.length, 0);
  const contract = '{places: {id: [parcel.nr], to: [parcel.whom], text: [parcel.words]}}';
  await world.restart({smsc, nexus: `    contract: ${contract}`});
  await replayAll(world);
  for (const id of ids) await world.reaches(id, 'delivered');
  const texts = pretend.phones.map(({text}) => text).sort();
  t.deepEqual(
    texts,
    Array.from({length: 9}, (_, number) => `text ${number}`),
  );
  await until('a receipt of each', () => accepted(nexus.receipts).length === ids.length);
  const told = accepted(nexus.receipts).map(({messages}) => JSON.stringify(messages));
  for (const id of ids) t.is(told.filter(text => text.includes(id)).length, 1);
  t.deepEqual(accepted(nexus.messages), [], 'nothing came to Nexus as a text from a phone');
  t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
});
