import {generateKeyPairSync} from 'node:crypto';
import test from 'ava';
import {nexusOptions} from '../../../src/platforms/nexus/options.ts';

const least = {url: 'https://digital.example.com', ccid: '45acae06-6b7c-4f97-9c76-471cb5c21bf7'};

test('needs no more than where Nexus is and whose', t => {
  const options = nexusOptions.parse(least);
  t.like(options, {...least, connections: 50, connectTimeout: 5000, timeout: 15_000, tls: {}, provisioning: {}});
  t.like(options.contract, {
    basePath: '/nexus/v3',
    inboundPath: '/channels/{channelId}/messages',
    inboundEnvelope: 'messages',
    receiptPath: '/channels/{channelId}/receipts',
    receiptEnvelope: 'messages',
    receiptAsMessage: false,
    receiptStatuses: ['Delivered', 'Failed'],
    messageIdIn: 'both',
    numberForm: 'digits',
    channelType: 'sms',
    signatureEncoding: 'hex',
    acceptSha256: false,
    acceptRewritten: false,
    refusalForm: 'error',
    media: {
      uploadPath: '/channels/{channelId}/media',
      signature: 'body',
      maxBytes: 5_242_880,
      download: false,
      retryFor: 600_000,
    },
    places: {to: [], from: [], text: [], id: [], media: []},
  });
});

test('takes a path in the address and drops its last slash', t => {
  t.is(nexusOptions.parse({...least, url: 'http://127.0.0.1:8080/digital/'}).url, 'http://127.0.0.1:8080/digital');
});

const refuses = test.macro({
  exec(t, change: object, message: RegExp) {
    const {error} = nexusOptions.safeParse({...least, ...change});
    t.regex(error?.issues[0]?.message ?? 'no mistake found', message);
  },
  title: (title = '') => `takes no ${title}`,
});

test('address without protocol', refuses, {url: 'digital.example.com'}, /https:\/\//);
test('other protocol', refuses, {url: 'ftp://digital.example.com'}, /https:\/\//);
test('credentials in an address', refuses, {url: 'https://me:secret@digital.example.com'}, /no user name/);
test('query in an address', refuses, {url: 'https://digital.example.com/?a=1'}, /no \?/);
test('line break in the ccid', refuses, {ccid: 'a\r\nx-evil: 1'}, /contact-centre id/);
test('unknown setting', refuses, {contarct: {}}, /contarct/);
test('unknown contract setting', refuses, {contract: {inboundPaht: '/x'}}, /inboundPaht/);
test('path without slash', refuses, {contract: {inboundPath: 'x'}}, /starts with \//);
test('path with a blank', refuses, {contract: {inboundPath: '/x y'}}, /starts with \//);
test('duration without unit', refuses, {timeout: '15'}, /30s/);
test('duration of nothing', refuses, {timeout: '0s'}, /30s/);
test('duration no timer can wait for', refuses, {timeout: '25d'}, /at most 24 days/);
test('date without zone', refuses, {contract: {reportOnlyUntil: '2026-11-20T12:00:00'}}, /say when it ends/);
test(
  'other status than 503',
  refuses,
  {contract: {badSignatureStatus: {status: 500, until: '2026-11-20T12:00:00Z'}}},
  /503/,
);
test('place that is none', refuses, {contract: {places: {text: ['a..b']}}}, /content\[\]/);
test('API key with a line break', refuses, {contract: {apiKey: 'a\nb'}}, /no blanks/);

test('receipt of another kind', refuses, {contract: {receiptStatuses: ['Read', 'Failed']}}, /`Delivered` or `Failed`:/);
const messages = '/channels/{channelId}/messages';
test('receipts on the path of texts', refuses, {contract: {receiptPath: messages}}, /open a chat.*receiptAsMessage/);
test('files on the path of texts', refuses, {contract: {media: {uploadPath: messages}}}, /is inboundPath/);
test(
  'files on the path of receipts',
  refuses,
  {contract: {media: {uploadPath: '/channels/{channelId}/receipts'}}},
  /is receiptPath/,
);
const braces = /nothing in braces but \{channelId\}$/;
test('mistyped name in a path', refuses, {contract: {inboundPath: '/channels/{channelid}/messages'}}, braces);
test('name without its second brace', refuses, {contract: {receiptPath: '/channels/{channelId/receipts'}}, braces);
test('file’s id in the path of uploads', refuses, {contract: {media: {uploadPath: '/media/{mediaId}'}}}, braces);
test('name in the base path', refuses, {contract: {basePath: '/{channelId}'}}, /takes nothing in braces$/);
test('one address for all files', refuses, {contract: {media: {downloadPath: '/media'}}}, /needs \{mediaId\}/);

test('takes receipts on the path of texts where they are meant to be texts', t => {
  const {contract} = nexusOptions.parse({...least, contract: {receiptPath: messages, receiptAsMessage: true}});
  t.is(contract.receiptPath, messages);
});

test('takes a base path with a slash at its end, and one for nothing', t => {
  const basePathOf = (basePath: string) => nexusOptions.parse({...least, contract: {basePath}}).contract.basePath;
  t.deepEqual(['/digital/v3/', '/'].map(basePathOf), ['/digital/v3', '']);
});

test('takes types of files in any case, as they are compared', t => {
  const {contract} = nexusOptions.parse({...least, contract: {media: {types: ['image/JPEG', 'Video/*']}}});
  t.deepEqual(contract.media.types, ['image/jpeg', 'video/*']);
});

const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
const key = privateKey.export({type: 'pkcs8', format: 'pem'});
test('certificate that is none', refuses, {tls: {ca: 'no PEM'}}, /PEM of a certificate/);
test('key that is none', refuses, {tls: {cert: 'x', key: 'no PEM'}}, /PEM of a certificate/);
test('key without its certificate', refuses, {tls: {key}}, /come together/);
