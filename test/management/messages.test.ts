import test from 'ava';
import {StoreUnavailable} from '../../src/store/store.ts';
import {ask, deadLetter, openManagement, operatorToken, readerToken, record} from '../helpers/management-port.ts';

const asReader = {token: readerToken};

test('lists messages without their text', async t => {
  const {url} = await openManagement(t);
  const {body} = await ask(`${url}/api/messages`, asReader);
  const {text: _, media: __, ...expected} = record;
  t.deepEqual(body, JSON.parse(JSON.stringify({messages: [expected], next: null})));
});

const finds = test.macro({
  async exec(t, query: string, filter: Record<string, unknown>) {
    const {url, calls} = await openManagement(t);
    t.is((await ask(`${url}/api/messages?${query}`, asReader)).status, 200);
    t.deepEqual(calls, [['find', filter]]);
  },
  title: (_, query) => `finds messages by ?${query}`,
});

test(finds, '', {limit: 50});
test(finds, 'phone=%2B14155550123', {phone: '+14155550123', limit: 50});
test(finds, 'phone=+1 (415) 555-0123', {phone: '+14155550123', limit: 50});
test(finds, 'phone=14155550123&limit=7', {phone: '+14155550123', limit: 7});
test(finds, 'phone=44636', {phone: '44636', limit: 50});
test(finds, 'channel=1&platform=p&carrier=c&state=unknown&direction=outbound&before=x', {
  channel: '1',
  platform: 'p',
  carrier: 'c',
  state: 'unknown',
  direction: 'outbound',
  limit: 50,
  before: 'x',
});

const refuses = test.macro({
  async exec(t, query: string, sentence: RegExp) {
    const {url, calls} = await openManagement(t);
    const {status, body} = await ask(`${url}/api/messages?${query}`, asReader);
    t.is(status, 400);
    t.regex(body.error.message, sentence);
    t.deepEqual(calls, []);
  },
  title: (_, query) => `refuses ?${query}`,
});

test(refuses, 'phon=1', /There is no query parameter phon here; known are phone, channel/);
test(refuses, 'phone=abc!!defghijklmnop', /write a phone number with its country code/);
test(refuses, 'limit=0', /query parameter limit/);
test(refuses, 'limit=501', /query parameter limit/);
test(refuses, 'state=gone', /query parameter state/);
test(refuses, 'channel=1&channel=2', /query parameter channel/);

test('shows one message without its text', async t => {
  const {url, calls} = await openManagement(t);
  const {body} = await ask(`${url}/api/messages/m-1`, asReader);
  t.is(body.messageId, 'm-1');
  t.false('text' in body);
  t.deepEqual(calls, [['get', 'm-1', false]]);
});

test('shows the text when it is asked for, and records the asking first', async t => {
  const {url, calls, lines} = await openManagement(t);
  const {body} = await ask(`${url}/api/messages/m-1?text=1`, asReader);
  t.is(body.text, record.text);
  t.deepEqual(calls, [
    [
      'note',
      'm-1',
      'text_shown',
      {by: 'eve'},
      {by: {name: 'eve', via: 'api'}, action: 'text_shown', target: {messageId: 'm-1'}},
    ],
    ['get', 'm-1', true],
  ]);
  t.deepEqual(lines, [{event: 'message.text_shown', fields: {messageId: 'm-1', by: 'eve'}}]);
});

test('shows no text when the asking could not be recorded', async t => {
  const note = () => Promise.reject(new StoreUnavailable('disk full'));
  const {url, calls} = await openManagement(t, {store: {note}});
  const {status, headers} = await ask(`${url}/api/messages/m-1?text=1`, asReader);
  t.is(status, 503);
  t.is(headers.get('retry-after'), '5');
  t.deepEqual(calls, []);
});

test('tells that there is no such message', async t => {
  const {url} = await openManagement(t);
  const {status, body} = await ask(`${url}/api/messages/other`, asReader);
  t.is(status, 404);
  t.is(body.error.code, 'no_such_message');
});

const acts = test.macro({
  async exec(
    t,
    path: string,
    sent: unknown,
    result: 'replayed' | 'not_found' | 'not_ended' | 'unreadable' | 'settled' | 'not_unknown',
    status: number,
  ) {
    const operations = path.endsWith('settle')
      ? {settle: async () => result as 'settled' | 'not_found' | 'not_unknown'}
      : {replay: async () => result as 'replayed' | 'not_found' | 'not_ended' | 'unreadable'};
    const {url} = await openManagement(t, {operations});
    const {status: answered, body} = await ask(`${url}/api/messages/m-1/${path}`, {token: operatorToken, body: sent});
    t.is(answered, status);
    if (status === 200) t.is(body.result, result);
    else t.regex(body.error.message, /m-1.+\./);
  },
  title: (_, path, __, result, status) => `${path} answers ${status} when the message is ${result}`,
});

test(acts, 'replay', {}, 'replayed', 200);
test(acts, 'replay', {}, 'not_found', 404);
test(acts, 'replay', {}, 'not_ended', 409);
test(acts, 'replay', {}, 'unreadable', 409);
test(acts, 'settle', {as: 'sent'}, 'settled', 200);
test(acts, 'settle', {as: 'retry'}, 'not_found', 404);
test(acts, 'settle', {as: 'failed'}, 'not_unknown', 409);

test('hands on who settles, and as what', async t => {
  const {url, calls} = await openManagement(t);
  await ask(`${url}/api/messages/m-1/settle`, {token: operatorToken, body: {as: 'retry'}});
  t.deepEqual(calls, [['settle', 'm-1', 'retry', {name: 'ops', via: 'api'}]]);
});

test('refuses to settle as anything else', async t => {
  const {url, calls} = await openManagement(t);
  const {status} = await ask(`${url}/api/messages/m-1/settle`, {token: operatorToken, body: {as: 'delivered'}});
  t.is(status, 400);
  t.deepEqual(calls, []);
});

test('refuses a body that is no JSON', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await ask(`${url}/api/messages/m-1/settle`, {token: operatorToken, raw: '{as: sent'});
  t.is(status, 400);
  t.is(body.error.code, 'invalid_body');
  t.deepEqual(calls, []);
});

test('lists dead letters, a page at a time', async t => {
  const letter = {...deadLetter, reason: 'unreadable'};
  const {url, calls} = await openManagement(t, {deadLetters: [letter]});
  const {body} = await ask(`${url}/api/dead-letters?reason=unreadable&limit=1`, asReader);
  t.deepEqual(body, {deadLetters: [letter], next: 'more'});
  t.deepEqual(calls, [['deadLetters', {reason: 'unreadable', limit: 1}]]);
});
