import test from 'ava';
import {toApiUrl} from '../../../src/carriers/twilio/api-url.ts';
import {twilio} from '../../../src/carriers/twilio/index.ts';
import {accountSid} from './setup.ts';

const good = {accountSid, authTokens: ['token']};

const mistakes = test.macro({
  exec: (t, changes: object, message: RegExp) => {
    const {error} = twilio.options.safeParse({...good, ...changes});
    t.regex(error?.issues.map(issue => issue.message).join(' ') ?? '', message);
  },
  title: (title = '') => title,
});

test('wants an account', mistakes, {accountSid: 'AC1'}, /32 hex digits/);
test('wants a token', mistakes, {authTokens: []}, /at least one/);
test('wants no empty token', mistakes, {authTokens: ['a', '']}, /anybody sign/);
test('wants region and edge together', mistakes, {region: 'ie1'}, /together/);
test('wants a duration', mistakes, {responseTimeout: '30'}, /30s/);
test('wants one a timer can wait for', mistakes, {responseTimeout: '25d'}, /at most 24 days/);
test('wants a URL', mistakes, {apiUrl: 'api.twilio.com'}, /https:/);
test('wants error codes', mistakes, {errors: {abc: 'retry'}}, /error codes/);
test('wants known actions', mistakes, {errors: {30007: 'ignore'}}, /./);
test('wants no unknown key', mistakes, {authToken: 'x'}, /authToken/);

test('has defaults for everything else', t => {
  t.like(twilio.options.parse(good), {
    apiUrl: 'https://api.twilio.com',
    concurrency: 20,
    connectTimeout: 5000,
    responseTimeout: 30_000,
    longText: 'split',
    recovery: {enabled: true, every: 300_000, lookBack: 86_400_000},
  });
});

test('an entry wants a Messaging Service’s own SID', t => {
  t.false(twilio.entry.safeParse({messagingServiceSid: 'x'}).success);
  t.true(twilio.entry.safeParse({messagingServiceSid: `MG${'1'.repeat(32)}`}).success);
});

test('wants to know the public address', t => {
  const settings = twilio.options.parse(good);
  for (const publicUrl of [undefined, 'https://my_host.example.com', 'nothing']) {
    t.throws(() => twilio.create(settings, {name: 'main', publicUrl} as never), {message: /publicUrl/});
  }
});

const goes = test.macro({
  exec: (t, uri: string, place: Parameters<typeof toApiUrl>[2], expected: string) => {
    t.is(toApiUrl(uri, {PageSize: 2, Skip: undefined}, place).href, expected);
  },
  title: (title = '') => title,
});

const apiUrl = 'https://api.twilio.com';
test('goes to Twilio', goes, 'https://api.twilio.com/x.json', {apiUrl}, 'https://api.twilio.com/x.json?PageSize=2');
test(
  'goes to another product of Twilio',
  goes,
  'https://messaging.twilio.com/v1/S',
  {apiUrl},
  'https://messaging.twilio.com/v1/S?PageSize=2',
);
test(
  'goes to a region by its edge',
  goes,
  'https://messaging.twilio.com/v1/S',
  {apiUrl, region: 'ie1', edge: 'dublin'},
  'https://messaging.dublin.ie1.twilio.com/v1/S?PageSize=2',
);
test(
  'overlooks a region that the environment put in',
  goes,
  'https://api.sydney.au1.twilio.com/x?a=1',
  {apiUrl},
  'https://api.twilio.com/x?a=1&PageSize=2',
);
test(
  'goes with everything to another base',
  goes,
  'https://messaging.twilio.com/v1/S',
  {apiUrl: 'http://127.0.0.1:99/base'},
  'http://127.0.0.1:99/base/v1/S?PageSize=2',
);
