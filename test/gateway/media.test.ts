import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';
const downloadPath = '/channels/{channelId}/media/{mediaId}';
const download = '    contract: {media: {download: true}}';
const picture = {bytes: Buffer.from('89504e470d0a1a0a0102030405', 'hex'), contentType: 'image/png', filename: 'a.png'};

function start(t: ExecutionContext, more: object = {}): Promise<World> {
  const smsc = '    messagesPerSecond: 500';
  return startWorld(t, {peers: {nexus: {variant: {downloadPath}}}, more: {nexus: download, smsc, ...more}});
}

function toBody(channel: string, text: string, url: string) {
  const attachment = {mediaType: 'Image', mime: 'image/png', filename: 'a.png', url};
  return {
    messages: [
      {
        id: `nexus-${text}`,
        channel: {id: channel, to: {id: to.slice(1)}},
        type: 'Text',
        text,
        content: [{contentType: 'Attachment', attachment}],
      },
    ],
  };
}

async function send(world: World, channel: string, text: string, url: string): Promise<string> {
  const body = toBody(channel, text, url);
  const answer = await world.peers.nexus.sendText({webhookUrl: world.webhookUrl(channel), channelId: channel, body});
  return (answer.body as {messageId: string}).messageId;
}

test('a picture of an agent reaches Twilio by a signed link, byte for byte', async t => {
  const world = await start(t);
  const url = world.peers.nexus.addFile(picture);
  await world.reaches(await send(world, made.twilioChannel, 'look', url), 'delivered');
  const [link = ''] = world.peers.twilio.messages[0]?.MediaUrl ?? [];
  t.true(link.startsWith(`${world.front.url}/media/`));
  const answer = await fetch(link);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'image/png');
  t.is(answer.headers.get('x-content-type-options'), 'nosniff');
  t.deepEqual(Buffer.from(await answer.arrayBuffer()), picture.bytes);
  await world.restart();
  t.is((await fetch(link)).status, 200, 'links outlive a restart');
  t.is((await fetch(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)).status, 404);
});

test('a picture on the web goes to Twilio as it is', async t => {
  const world = await start(t);
  await world.reaches(await send(world, made.twilioChannel, 'look', 'https://example.com/a.png'), 'delivered');
  t.deepEqual(world.peers.twilio.messages[0]?.MediaUrl, ['https://example.com/a.png']);
});

test('where the carrier takes texts only, a file is refused, or a link in the text, as the channel says', async t => {
  const world = await start(t);
  const url = world.peers.nexus.addFile(picture);
  const refused = await world.reaches(await send(world, made.smppChannel, 'look', url), 'failed');
  t.is(refused.reason?.code, 'MediaTypeNotAllowed');
  await world.restart({nexus: download, smsc: '    messagesPerSecond: 500', smppChannel: '    media: link'});
  await world.reaches(await send(world, made.smppChannel, 'look again', url), 'delivered');
  const text = world.peers.smsc.phones.at(-1)?.text ?? '';
  const [, link = ''] = /^look again\n(http\S+)$/.exec(text) ?? [];
  t.deepEqual(Buffer.from(await (await fetch(link)).arrayBuffer()), picture.bytes);
});

/** With a clock that can be put forward. */
async function startLater(t: ExecutionContext) {
  let skippedMs = 0;
  const now = () => Date.now() + skippedMs;
  const world = await startWorld(t, {peers: {nexus: {variant: {downloadPath}}}, more: {nexus: download}, now});
  return {
    world,
    later(ms: number) {
      skippedMs += ms;
    },
  };
}

test('a link dies a day after its text left, and says so', async t => {
  const {world, later} = await startLater(t);
  const url = world.peers.nexus.addFile(picture);
  await world.reaches(await send(world, made.twilioChannel, 'look', url), 'delivered');
  const [link = ''] = world.peers.twilio.messages[0]?.MediaUrl ?? [];
  later(86_500_000);
  t.is((await fetch(link)).status, 410);
});

test('a link of a text that is replayed another day lives a day from then on', async t => {
  const {world, later} = await startLater(t);
  const {nexus, twilio} = world.peers;
  twilio.fail({kind: 'answer', status: 400, code: 21610});
  const id = await send(world, made.twilioChannel, 'look', nexus.addFile(picture));
  await world.reaches(id, 'failed');
  later(30 * 3_600_000);
  t.is((await world.api(`/api/messages/${id}/replay`, {})).status, 200);
  await world.reaches(id, 'delivered');
  const [link = ''] = twilio.messages.at(-1)?.MediaUrl ?? [];
  t.is((await fetch(link)).status, 200);
  later(86_500_000);
  t.is((await fetch(link)).status, 410);
});

test('a file whose bytes can’t be had: the text goes without it; with no text Nexus is told', async t => {
  const world = await start(t, {nexus: ''});
  const url = world.peers.nexus.addFile(picture);
  await world.reaches(await send(world, made.twilioChannel, 'only words', url), 'delivered');
  t.deepEqual(world.peers.twilio.messages[0]?.MediaUrl, []);
  const failed = await world.reaches(await send(world, made.twilioChannel, '', url), 'failed');
  t.is(failed.reason?.code, 'MediaTypeNotAllowed');
  await until('its receipt', () => world.peers.nexus.receipts.length === 2);
  t.like(world.peers.nexus.receipts[1]?.messages[0], {status: 'Failed', reasons: [{code: 'MediaTypeNotAllowed'}]});
});

test('a picture from a phone reaches Nexus, byte for byte', async t => {
  const world = await start(t);
  await world.peers.twilio.sendFromPhone({
    webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`,
    from: to,
    to: `+${made.twilioChannel}`,
    text: 'see',
    media: [{contentType: 'image/png', body: picture.bytes}],
  });
  const post = await until('the post', () => world.peers.nexus.messages[0]);
  const [message] = post.messages as Array<{text: string; content: Array<{attachment: {url: string}}>}>;
  const file = world.peers.nexus.file(message?.content[0]?.attachment.url ?? '');
  t.deepEqual(file?.bytes, picture.bytes);
});

test('a picture that was missed hours ago is tried as long as a new one', async t => {
  const world = await start(t);
  const {twilio, nexus} = world.peers;
  await world.stopGateway();
  const at = Date.now() - 3_600_000;
  const media = [{contentType: 'image/png', body: picture.bytes}];
  const missed = {webhookUrl: '', lost: true, from: to, to: `+${made.twilioChannel}`, text: 'see', media, at};
  await twilio.sendFromPhone(missed);
  nexus.fault({kind: 'media', status: 503, times: 1});
  await world.restart();
  const post = await until('the post', () => nexus.messages[0], 20_000);
  const [message] = post.messages as Array<{text: string; content?: Array<{attachment: {url: string}}>}>;
  t.is(message?.text, 'see');
  t.deepEqual(nexus.file(message?.content?.[0]?.attachment.url ?? '')?.bytes, picture.bytes);
});

const phones = Array.from({length: 24}, (_, index) => `+1415555${1000 + index}`);

function sendPictures({front, peers}: World): Promise<unknown> {
  const webhookUrl = `${front.url}/twilio/twilio-main/inbound`;
  const wanted = {webhookUrl, to: `+${made.twilioChannel}`, text: 'see'};
  const media = [{contentType: 'image/png', body: Buffer.alloc(100_000, 7)}];
  return Promise.all(phones.map(from => peers.twilio.sendFromPhone({...wanted, from, media})));
}

/** They reach Nexus, each with its picture. */
async function allReach({peers: {nexus}, lines}: World, t: ExecutionContext): Promise<void> {
  const accepted = () => nexus.messages.filter(message => message.accepted);
  await until('all posts', () => accepted().length === phones.length);
  t.deepEqual(
    lines.filter(line => line.includes('nexus.media.left_behind')),
    [],
  );
}

test('many pictures at once are no trouble of Nexus', async t => {
  const world = await start(t);
  await sendPictures(world);
  await allReach(world, t);
  t.deepEqual(
    world.lines.filter(line => line.includes('"breaker.open"')),
    [],
  );
});

test('pictures that waited for Nexus longer than files are tried again reach it with their texts', async t => {
  const {world, later} = await startLater(t);
  const mend = world.peers.nexus.fault({status: 503});
  await sendPictures(world);
  await world.stopGateway();
  later(3_600_000);
  mend();
  await world.restart();
  await allReach(world, t);
});

/** Every byte there is, in no order that a text could have, as large as a phone's photo. */
const photo = Buffer.concat([
  picture.bytes,
  Uint8Array.from({length: 1_500_000}, (_, index) => (index * 7919 + (index >> 8)) % 256),
]);

test('a photo goes from Nexus to Twilio and from a phone back to Nexus, and every byte is the same', async t => {
  const world = await start(t);
  const {nexus, twilio} = world.peers;
  const url = nexus.addFile({...picture, bytes: photo});
  await world.reaches(await send(world, made.twilioChannel, 'look', url), 'delivered');
  const [link = ''] = twilio.messages[0]?.MediaUrl ?? [];
  const received = Buffer.from(await (await fetch(link)).arrayBuffer());
  t.true(received.equals(photo));
  await twilio.sendFromPhone({
    webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`,
    from: to,
    to: `+${made.twilioChannel}`,
    text: 'and back',
    media: [{contentType: 'image/png', body: received}],
  });
  const post = await until('the post', () => nexus.messages[0]);
  const [message] = post.messages as Array<{content: Array<{attachment: {url: string}}>}>;
  t.true(nexus.file(message?.content[0]?.attachment.url ?? '')?.bytes.equals(photo));
});

test('files that Nexus gives out at another path are fetched once the file says where', async t => {
  const other = '/channels/{channelId}/files/{mediaId}';
  const world = await startWorld(t, {peers: {nexus: {variant: {downloadPath: other}}}, more: {nexus: download}});
  const url = world.peers.nexus.addFile(picture);
  await world.reaches(await send(world, made.twilioChannel, 'look', url), 'delivered');
  const [link = ''] = world.peers.twilio.messages[0]?.MediaUrl ?? [];
  t.false((await fetch(link)).ok);
  await world.restart({nexus: `    contract: {media: {download: true, downloadPath: "${other}"}}`});
  t.deepEqual(Buffer.from(await (await fetch(link)).arrayBuffer()), picture.bytes);
});
