import {randomBytes} from 'node:crypto';
import test, {type ExecutionContext} from 'ava';
import type {MediaLoad} from '../../../src/core/media.ts';
import {toMultipart, toSafeFilename} from '../../../src/platforms/nexus/multipart.ts';
import {firstWords, member, toPlace} from '../../../src/platforms/nexus/places.ts';
import type {PlatformContext} from '../../../src/platforms/platform.ts';
import type {NexusVariant} from '../../../src/sandbox/nexus-wire.ts';
import {noon, toInboundPost, withNexus} from './harness.ts';

const bytes = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0, 13, 10, 13, 10]),
  randomBytes(5000),
  Buffer.from('\r\n--file-\r\n'),
]);
const picture = {url: 'https://api.example.com/media/1', contentType: 'image/jpeg'};
const photo: MediaLoad = {kind: 'loaded', bytes, contentType: 'image/jpeg', filename: 'photo of "me".jpg'};
const notice = '[a file could not be delivered]';

interface Setting {
  contract?: Record<string, unknown>;
  variant?: Partial<NexusVariant>;
  load?: MediaLoad | PlatformContext['loadMedia'];
  now?(): number;
}

function withFiles(t: ExecutionContext, {contract = {}, variant = {}, load = photo, now}: Setting = {}) {
  const loadMedia = typeof load === 'function' ? load : async () => load;
  return withNexus(t, {settings: {contract}, variant, loadMedia, ...(now === undefined ? {} : {now})});
}

const post = (text = 'Look') => toInboundPost({text, media: [picture]});

test('uploads a file before its text, byte for byte, and names it in the text', async t => {
  const {peer, platform} = await withFiles(t);
  t.like(await platform.post(post()), {kind: 'taken'});
  t.like(peer.media, [{signatureOk: true, status: 200, headers: {'x-b3-traceid': '0af7651916cd43dd8448eb211c80319c'}}]);
  const [message] = peer.messages.flatMap(({messages}) => messages);
  const url = String(firstWords(message, [toPlace('content[].attachment.url')])[0]);
  t.regex(url, /^genesys:\/\/nexus\//);
  t.deepEqual(member(message, 'content'), [
    {
      contentType: 'Attachment',
      attachment: {mediaType: 'Image', url, mime: 'image/jpeg', filename: 'photo_of_me_.jpg'},
    },
  ]);
  t.is(member(message, 'text'), 'Look');
  t.like(peer.file(url), {contentType: 'image/jpeg', filename: 'photo_of_me_.jpg'});
  t.deepEqual(peer.file(url)?.bytes, bytes);
});

test('uploads nothing twice when the text is posted again', async t => {
  const {peer, platform} = await withFiles(t);
  peer.fault({kind: 'messages', drop: 'after', times: 1});
  t.like(await platform.post(post()), {kind: 'unknown'});
  t.like(await platform.post(post()), {kind: 'taken'});
  t.is(peer.media.length, 1);
  t.deepEqual(peer.messages[0]?.messages, peer.messages[1]?.messages);
});

test('signs over the file where Nexus wants that', async t => {
  const {peer, platform} = await withFiles(t, {
    contract: {media: {signature: 'file'}},
    variant: {mediaSignature: 'file'},
  });
  t.like(await platform.post(post()), {kind: 'taken'});
  t.like(peer.media, [{signatureOk: true, status: 200}]);
});

test('uploads to another path', async t => {
  const {peer, platform} = await withFiles(t, {
    contract: {media: {uploadPath: '/media/{channelId}'}},
    variant: {mediaPath: '/media/{channelId}'},
  });
  t.like(await platform.post(post()), {kind: 'taken'});
  t.is(peer.media.length, 1);
});

const leaves = test.macro({
  async exec(t, {waitsMs, ...setting}: Setting & {waitsMs?: number}, uploads: number) {
    const clock = {now: noon};
    const {peer, platform} = await withFiles(t, {now: () => clock.now, ...setting});
    if (waitsMs !== undefined) t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message'});
    clock.now += waitsMs ?? 0;
    t.like(await platform.post(post()), {kind: 'taken'});
    t.like(peer.messages[0]?.messages, [{text: `Look\n${notice}`, content: []}]);
    t.is(peer.media.length, uploads);
  },
  title: (title = '') => `posts the text with a notice when ${title}`,
});

test('Nexus refuses the type', leaves, {variant: {mediaTypes: []}}, 1);
test('Nexus finds the file too large', leaves, {variant: {maxMediaBytes: 10}}, 1);
const tooLate = {waitsMs: 600_000};
test('Nexus has no such path, for too long', leaves, {variant: {mediaPath: '/none/{channelId}'}, ...tooLate}, 0);
test(
  'Nexus refuses the signature of the upload for too long',
  leaves,
  {variant: {mediaSignature: 'file'}, ...tooLate},
  2,
);
test('the file is of a type that is not uploaded', leaves, {contract: {media: {types: ['image/png']}}}, 0);
test('the file is larger than is uploaded', leaves, {contract: {media: {maxBytes: 10}}}, 0);
test('the carrier has it no more', leaves, {load: {kind: 'refused', why: 'gone'}}, 0);
test('it can’t be had for too long', leaves, {load: {kind: 'unavailable', why: '503'}, ...tooLate}, 0);

test('posts the notice alone when there is no text', async t => {
  const {peer, platform} = await withFiles(t, {load: {kind: 'refused', why: 'gone'}});
  await platform.post(post(''));
  t.like(peer.messages[0]?.messages, [{text: notice}]);
});

test('waits for a file that can’t be had for the moment', async t => {
  const {peer, platform} = await withFiles(t, {
    load: {kind: 'unavailable', why: '503', retryAfterMs: 2000},
    now: () => noon + 599_999,
  });
  t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message', retryAfterMs: 2000});
  t.deepEqual(peer.messages, []);
});

test('a text that waited long for another reason waits for its file all the same, and anew after a post that failed', async t => {
  const clock = {now: noon + 7_200_000};
  const {peer, platform} = await withFiles(t, {now: () => clock.now});
  peer.fault({kind: 'media', status: 503, times: 3});
  t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message'});
  clock.now += 600_000;
  peer.fault({kind: 'messages', status: 503, times: 1});
  t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message'});
  t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message'});
  t.like(await platform.post(post()), {kind: 'taken'});
  t.is(peer.media.filter(({accepted}) => accepted).length, 1);
});

test('waits for somebody to mend the path or the signature of uploads', async t => {
  for (const variant of [{mediaPath: '/none/{channelId}'}, {mediaSignature: 'file'}] as const) {
    const {peer, platform} = await withFiles(t, {variant});
    t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message'});
    t.deepEqual(peer.messages, []);
  }
});

test('waits for Nexus to take files again', async t => {
  const {peer, platform} = await withFiles(t);
  peer.fault({kind: 'media', status: 503, times: 1, headers: {'retry-after': '3'}});
  t.like(await platform.post(post()), {kind: 'unavailable', scope: 'message', retryAfterMs: 3000});
  t.like(await platform.post(post()), {kind: 'taken'});
  t.is(peer.messages.length, 1);
});

test('takes types by their kind', async t => {
  const {peer, platform} = await withFiles(t, {
    contract: {media: {types: ['audio/*']}},
    variant: {mediaTypes: ['audio/amr']},
    load: {kind: 'loaded', bytes, contentType: 'Audio/AMR; rate=8000'},
  });
  t.like(await platform.post(post()), {kind: 'taken'});
  t.like(peer.messages[0]?.messages, [
    {content: [{attachment: {mediaType: 'Audio', mime: 'audio/amr', filename: 'audio.amr'}}]},
  ]);
});

test('fetches what an agent sent, signed over nothing', async t => {
  const downloadPath = '/channels/{channelId}/media/{mediaId}';
  const {peer, platform} = await withFiles(t, {contract: {media: {download: true}}, variant: {downloadPath}});
  const url = peer.addFile({bytes, contentType: 'image/png', filename: 'a.png'});
  const wanted = {media: {url, filename: 'a.png'}, channel: '16504661149', traceId: '1'.repeat(32), maxBytes: 100_000};
  const load = await platform.loadMedia?.(wanted);
  t.like(load, {kind: 'loaded', contentType: 'image/png', filename: 'a.png'});
  t.deepEqual(load?.kind === 'loaded' ? Buffer.from(load.bytes) : undefined, bytes);
  t.like(await platform.loadMedia?.({...wanted, maxBytes: bytes.length}), {kind: 'loaded'});
  t.like(await platform.loadMedia?.({...wanted, maxBytes: bytes.length - 1}), {kind: 'refused'});
  t.like(await platform.loadMedia?.({...wanted, media: {url: 'genesys://nexus/none'}}), {kind: 'refused'});
  t.like(await platform.loadMedia?.({...wanted, media: {url: 'https://example.com/a'}}), {kind: 'refused'});
  t.like(await platform.loadMedia?.({...wanted, media: {url: 'genesys://nexus/../../secrets'}}), {kind: 'refused'});
});

test('fetches nothing from Nexus unless it is told to', async t => {
  const {peer, platform} = await withFiles(t, {variant: {downloadPath: '/channels/{channelId}/media/{mediaId}'}});
  const url = peer.addFile({bytes, contentType: 'image/png', filename: 'a.png'});
  const load = await platform.loadMedia?.({
    media: {url},
    channel: '16504661149',
    traceId: '1'.repeat(32),
    maxBytes: 100_000,
  });
  t.like(load, {kind: 'refused', why: 'contract.media.download is off'});
});

test('writes one file as a form', t => {
  const {body, contentType} = toMultipart({bytes: Buffer.from('x'), contentType: 'image/png', filename: 'a.png'});
  const boundary = contentType.split('boundary=')[1];
  t.is(
    body.toString(),
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n--${boundary}--\r\n`,
  );
});

const names = test.macro({
  exec(t, filename: string, expected: string) {
    t.is(toSafeFilename(filename), expected);
  },
  title: (_, filename) => `writes the file name ${JSON.stringify(filename)} safely`,
});

test(names, 'a.png', 'a.png');
test(names, 'a"\r\nX-Evil: 1', 'a_X-Evil_1');
test(names, '../../etc/passwd', '_.._etc_passwd');
test(names, 'фото.jpg', '_.jpg');
test(names, '', 'file');
