import test from 'ava';
import twilioLibrary from 'twilio';
import {createPretendTwilio, type PretendTwilioEvent} from '../../src/sandbox/twilio.ts';

const accountSid = `AC${'a'.repeat(32)}`;
const authToken = 'pretend-token';

async function start(t: {teardown(end: () => Promise<void>): void}) {
  const events: PretendTwilioEvent[] = [];
  const pretend = await createPretendTwilio({
    accountSid,
    authToken,
    statusDelayMs: 1,
    onEvent: event => void events.push(event),
  });
  t.teardown(() => pretend.stop());
  const base = `${pretend.url}/2010-04-01/Accounts/${accountSid}`;
  const headers = {authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`};
  const create = (form: Record<string, string>) =>
    fetch(`${base}/Messages.json`, {method: 'POST', headers, body: new URLSearchParams(form)});
  return {pretend, events, base, headers, create};
}

const good = {To: '+14155550123', From: '+15005550006', Body: 'Hello'};

test('answers 201 with the fields and types of a Message', async t => {
  const {create, pretend} = await start(t);
  const response = await create(good);
  t.is(response.status, 201);
  const body = (await response.json()) as Record<string, string>;
  t.like(body, {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: 'Hello',
    direction: 'outbound-api',
    error_code: null,
    from: good.From,
    num_media: '0',
    num_segments: '1',
    status: 'queued',
    to: good.To,
  });
  t.regex(body.sid ?? '', /^SM[0-9a-f]{32}$/);
  t.regex(body.date_created ?? '', /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/);
  t.is(pretend.messages[0]?.sid, body.sid);
});

test('answers accepted, no sender and no segments for a Messaging Service', async t => {
  const {create} = await start(t);
  const response = await create({To: good.To, Body: 'x', MessagingServiceSid: `MG${'1'.repeat(32)}`});
  t.like(await response.json(), {status: 'accepted', from: null, num_segments: '0'});
});

const refuses = test.macro({
  exec: async (t, changes: Record<string, string>, code: number) => {
    const {create, pretend} = await start(t);
    const response = await create(
      Object.fromEntries(Object.entries({...good, ...changes}).filter(([, value]) => value !== '')),
    );
    t.is(response.status, 400);
    t.like(await response.json(), {code, status: 400});
    t.is(pretend.messages.length, 0);
  },
  title: (title = '') => title,
});

test('refuses no recipient', refuses, {To: ''}, 21604);
test('refuses a wrong recipient', refuses, {To: '12'}, 21211);
test('refuses no sender', refuses, {From: ''}, 21603);
test('refuses no text', refuses, {Body: ''}, 21602);
test('refuses too long a text', refuses, {Body: 'x'.repeat(1601)}, 21617);
test('refuses a validity out of range', refuses, {ValidityPeriod: '36001'}, 21624);

test('refuses wrong credentials, and knows no other path', async t => {
  const {base, headers} = await start(t);
  t.is((await fetch(`${base}/Messages.json`, {method: 'POST'})).status, 401);
  t.is((await fetch(`${base}/Nothing.json`, {headers})).status, 404);
});

test('the official library can send, list and read', async t => {
  const {pretend} = await start(t);
  const client = twilioLibrary(accountSid, authToken);
  const {httpClient} = client;
  const request = httpClient.request.bind(httpClient);
  httpClient.request = options =>
    request({...options, uri: options.uri.replace('https://api.twilio.com', pretend.url)});
  const message = await client.messages.create({to: good.To, from: good.From, body: 'one'});
  await client.messages.create({to: good.To, from: good.From, body: 'two'});
  t.deepEqual(
    (await client.messages.list({to: good.To, pageSize: 1})).map(one => one.body),
    ['two', 'one'],
  );
  t.is((await client.messages(message.sid).fetch()).body, 'one');
  t.true(message.dateCreated instanceof Date);
});

test('plays the life of a message with signed callbacks', async t => {
  const {pretend, create, events} = await start(t);
  await create({...good, StatusCallback: 'http://127.0.0.1:1/x?mid=1#rc=0'});
  const deadline = Date.now() + 5000;
  while (events.length < 4 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 5));
  t.deepEqual(
    events.map(event => (event.event === 'created' ? event.event : event.status)),
    ['created', 'sending', 'sent', 'delivered'],
  );
  t.is(pretend.messages[0]?.status, 'delivered');
});

test('guards media by credentials and sends on to where none are wanted', async t => {
  const {pretend, headers, base} = await start(t);
  await pretend.sendFromPhone({
    webhookUrl: '',
    from: '+1',
    to: '+2',
    text: '',
    lost: true,
    media: [{contentType: 'image/png', body: Buffer.from('png')}],
  });
  const [message] = pretend.messages;
  const url = `${base}/Messages/${message?.sid}/Media/${message?.media[0]?.sid}`;
  t.is((await fetch(url)).status, 401);
  const redirect = await fetch(url, {headers, redirect: 'manual'});
  t.is(redirect.status, 307);
  const file = await fetch(new URL(redirect.headers.get('location') ?? '', pretend.url));
  t.is(file.headers.get('content-type'), 'image/png');
  t.is(await file.text(), 'png');
});
