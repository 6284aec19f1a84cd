import test from 'ava';
import fc from 'fast-check';
import {
  hasRequired,
  headerOptions,
  toCaptured,
  toChannelHeaders,
  toPassable,
} from '../../../src/platforms/nexus/headers.ts';
import {toSignature} from '../../../src/platforms/nexus/signature.ts';
import {toReceiptPost, withNexus, withWebhook} from './harness.ts';

const own = {id: '16504661149'};
const other = {id: '16504661150'};

const requires = test.macro({
  exec(t, headers: Record<string, string | string[]>, expected: boolean, channel: {id: string} = own) {
    const options = headerOptions.parse({
      require: [{name: 'X-Tenant', value: ['old', 'new']}],
      channels: {[own.id]: {require: [{name: 'authorization', value: 'Bearer s3cret'}]}},
    });
    t.is(hasRequired(headers, toChannelHeaders(options, channel)), expected);
  },
  title: (title = '') => `requires ${title}`,
});

test('all headers of platform and channel', requires, {'x-tenant': 'new', authorization: 'Bearer s3cret'}, true);
test('any of several values', requires, {'x-tenant': 'old', authorization: 'Bearer s3cret'}, true);
test('the channel’s own', requires, {'x-tenant': 'new'}, false);
test('the channel’s own of no other channel', requires, {'x-tenant': 'new'}, true, other);
test('the very value', requires, {'x-tenant': 'new ', authorization: 'Bearer s3cret'}, false);
test('a value in the right case', requires, {'x-tenant': 'NEW', authorization: 'Bearer s3cret'}, false);
test('one value, not a list', requires, {'x-tenant': ['new', 'new'], authorization: 'Bearer s3cret'}, false);

test('captures what is named, for the platform and the channel', t => {
  const options = headerOptions.parse({capture: ['X-Campaign'], channels: {[own.id]: {capture: ['x-agent']}}});
  const headers = {'x-campaign': 'spring', 'x-agent': 'ann', 'x-other': '1'};
  t.deepEqual(toCaptured(headers, toChannelHeaders(options, own)), {'x-campaign': 'spring', 'x-agent': 'ann'});
  t.deepEqual(toCaptured(headers, toChannelHeaders(options, other)), {'x-campaign': 'spring'});
});

const refuses = test.macro({
  exec(t, settings: object, message: RegExp) {
    const parsed = headerOptions.safeParse(settings);
    t.false(parsed.success);
    t.regex(parsed.error?.issues[0]?.message ?? '', message);
  },
  title: (title = '') => `takes no settings that ${title}`,
});

for (const name of [
  'Connection',
  'host',
  'Authorization',
  'X-Hub-Signature',
  'x-hub-signature-256',
  'Transfer-Encoding',
  'te',
  'Upgrade',
  'Content-Length',
  'cookie',
  'proxy-authorization',
  'x-ccid',
  'x-b3-traceid',
  'x-api-key',
  '__proto__',
]) {
  test(`capture ${name}`, refuses, {capture: [name]}, /can’t be passed on/);
}
test('capture what is no name', refuses, {capture: ['x tenant']}, /header name/);
test('capture a line break', refuses, {capture: ['x-a\r\nx-b']}, /header name/);
test('capture what they require', refuses, {require: [{name: 'x-a', value: 's'}], capture: ['X-A']}, /is a secret/);
test(
  'capture in a channel what they require of all',
  refuses,
  {require: [{name: 'x-a', value: 's'}], channels: {1: {capture: ['x-a']}}},
  /is a secret/,
);
test(
  'capture for all what they require of a channel',
  refuses,
  {capture: ['x-a'], channels: {1: {require: [{name: 'X-A', value: 's'}]}}},
  /is a secret/,
);
test('require an empty value', refuses, {require: [{name: 'x-a', value: ''}]}, /./);
test('require a value no header has', refuses, {require: [{name: 'x-a', value: 's\n'}]}, /blanks off its ends/);
const twice = ['old', 'new'].map(value => ({name: 'X-A', value}));
test('require two values of one header', refuses, {require: twice}, /twice.*one value/);
test(
  'require of a channel what no webhook can have beside the rest',
  refuses,
  {require: twice.slice(1), channels: {1: {require: twice.slice(0, 1)}}},
  /twice.*one value/,
);

test('takes a header required twice where one value does for both', t => {
  const settings = {require: [{name: 'x-a', value: ['old', 'new']}], channels: {1: {require: twice.slice(1)}}};
  t.true(headerOptions.safeParse(settings).success);
});

const passes = test.macro({
  exec(t, name: string, value: string, expected: boolean) {
    t.is(Object.keys(toPassable({[name]: value})).length, expected ? 1 : 0);
  },
  title: (title = '') => `passes on ${title}`,
});

test('a plain value', passes, 'x-a', 'spring sale; 20 %', true);
test('no line break', passes, 'x-a', 'a\r\nx-evil: 1', false);
test('no bare carriage return', passes, 'x-a', 'a\rb', false);
test('no NUL', passes, 'x-a', 'a\0b', false);
test('no letters beyond ASCII', passes, 'x-a', 'é', false);
test('no blanks at the ends', passes, 'x-a', ' a', false);
test('nothing empty', passes, 'x-a', '', false);
test('nothing longer than 256', passes, 'x-a', 'x'.repeat(257), false);
test('no header of a connection, whatever its case', passes, 'Keep-Alive', 'x', false);

test('passes on only what HTTP takes, whatever came', t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string({unit: 'binary'}), fc.array(fc.string()))), given => {
      const headers = toPassable(given);
      return Object.entries(new Headers(headers)).every(([name, value]) => headers[name] === value);
    }),
    {numRuns: 500},
  );
  t.pass();
});

const body = '{"to":"14155550123","text":"x"}';
const signature = toSignature(Buffer.from(body), `webhook-${own.id}`);
const platforms = {acme: {headers: {require: [{name: 'x-tenant', value: 's3cret'}], capture: ['x-campaign']}}};

async function post(url: string, path: string, headers: Record<string, string>) {
  const answer = await fetch(url + path, {method: 'POST', body, headers: {'x-hub-signature': signature, ...headers}});
  return {status: answer.status, text: await answer.text()};
}

test('keeps captured headers with the message, required ones nowhere', async t => {
  const {url, stored, log} = await withWebhook(t, {platforms});
  t.is((await post(url, `/nexus/webhook/acme/${own.id}`, {'X-Tenant': 's3cret', 'X-Campaign': 'spring'})).status, 200);
  t.deepEqual(stored[0]?.headers, {'x-campaign': 'spring'});
  t.notRegex(JSON.stringify([stored, log.lines]), /s3cret/);
});

for (const path of [`/nexus/webhook/acme/${own.id}`, '/']) {
  test(`answers 401 to a webhook without its required header on ${path}`, async t => {
    const {url, stored, log} = await withWebhook(t, {platforms});
    const answers = [await post(url, path, {}), await post(url, path, {'x-tenant': 'wrong'})];
    t.deepEqual(
      answers.map(({status}) => status),
      [401, 401],
    );
    t.deepEqual(stored, []);
    t.notRegex(JSON.stringify([answers, log.lines]), /s3cret|x-tenant/i);
  });
}

test('gives captured headers back to Nexus with a receipt, beside its own', async t => {
  const {peer, platform} = await withNexus(t);
  const headers = {'x-campaign': 'spring', 'x-ccid': 'evil', 'x-hub-signature': 'sha1=0', 'x-bad': 'a\r\nb'};
  t.like(await platform.post({...toReceiptPost(), headers}), {kind: 'taken'});
  t.like(peer.receipts[0], {
    signatureOk: true,
    headers: {'x-campaign': 'spring', 'x-ccid': '45acae06-6b7c-4f97-9c76-471cb5c21bf7', 'x-bad': undefined},
  });
});
