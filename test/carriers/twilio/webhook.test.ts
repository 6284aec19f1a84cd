import http from 'node:http';
import test from 'ava';
import {toSignature} from '../../../src/carriers/twilio/signature.ts';
import {accountSid, authToken, ours, phone, type Stage, stage} from './setup.ts';

const sid = `SM${'c'.repeat(32)}`;
const text = {MessageSid: sid, AccountSid: accountSid, From: phone, To: ours, Body: 'Hi there', NumMedia: '0'};

/** A request with any Host, target and method, signed for `signedUrl`. */
function call(
  {publicUrl}: Stage,
  options: {
    method?: string;
    target: string;
    form?: Record<string, string>;
    signedUrl?: string;
    token?: string;
    host?: string;
    signature?: string;
  },
): Promise<{status: number; type: string | undefined; body: string}> {
  const {method = 'POST', target, form = {}, host = 'gw.example.com'} = options;
  const url = options.signedUrl ?? publicUrl + target;
  const signature =
    options.signature ?? toSignature(options.token ?? authToken, url, Object.entries(method === 'GET' ? {} : form));
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      publicUrl,
      {
        method,
        path: target,
        agent: false,
        headers: {host, 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded'},
      },
      async response => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve({status: response.statusCode ?? 0, type: response.headers['content-type'], body});
      },
    );
    outgoing.on('error', reject);
    outgoing.end(method === 'GET' ? undefined : new URLSearchParams(form).toString());
  });
}

test('takes a text and answers empty TwiML', async t => {
  const there = await stage(t);
  const answer = await call(there, {target: '/twilio/main/inbound', form: text});
  t.is(answer.status, 200);
  t.regex(answer.type ?? '', /^text\/xml/);
  t.regex(answer.body, /<Response\/>$/);
  t.like(there.inbound[0], {
    carrierMessageId: sid,
    from: phone,
    to: ours,
    text: 'Hi there',
    media: [],
    receivedAt: there.clock.now,
  });
  t.notRegex(there.inbound[0]?.raw ?? '', /Hi|4155550123/);
});

test('takes a text by GET, where only the URL is signed', async t => {
  const there = await stage(t);
  const target = `/twilio/main/inbound?${new URLSearchParams(text)}`;
  t.is((await call(there, {method: 'GET', target})).status, 200);
  t.is(there.inbound[0]?.text, 'Hi there');
});

test('takes a status and answers 204', async t => {
  const there = await stage(t);
  const form = {
    MessageSid: sid,
    AccountSid: accountSid,
    From: ours,
    To: phone,
    MessageStatus: 'undelivered',
    ErrorCode: '30005',
  };
  const answer = await call(there, {target: '/twilio/main/status?mid=abc-1&attempt=2', form});
  t.is(answer.status, 204);
  t.like(there.receipts[0], {
    messageId: 'abc-1',
    attempt: 2,
    carrierMessageId: sid,
    phone,
    state: 'failed',
    final: true,
    reason: {code: 'InvalidDestination', message: 'Twilio error 30005'},
  });
});

test('takes a status by GET', async t => {
  const there = await stage(t);
  const target = `/twilio/main/status?mid=abc&attempt=1&MessageSid=${sid}&MessageStatus=delivered&AccountSid=${accountSid}`;
  t.is((await call(there, {method: 'GET', target})).status, 204);
  t.like(there.receipts[0], {messageId: 'abc', state: 'delivered', final: true});
});

test('believes only the query’s message id', async t => {
  const there = await stage(t);
  const form = {MessageSid: sid, AccountSid: accountSid, MessageStatus: 'delivered', mid: 'forged', attempt: '9'};
  await call(there, {target: '/twilio/main/status?mid=abc&attempt=1', form});
  t.like(there.receipts[0], {messageId: 'abc', attempt: 1});
});

test('answers 204 to a status it does not know and stores nothing', async t => {
  const there = await stage(t);
  const form = {MessageSid: sid, AccountSid: accountSid, MessageStatus: 'teleported'};
  t.is((await call(there, {target: '/twilio/main/status?mid=a&attempt=1', form})).status, 204);
  t.is(there.receipts.length, 0);
});

test('depends on no Host header, however hostile', async t => {
  const there = await stage(t);
  for (const host of ['evil.example', 'a b', '[', '%00', '']) {
    t.is((await call(there, {target: '/twilio/main/inbound', form: text, host})).status, 200, host);
  }
  const forged = await call(there, {
    target: '/twilio/main/inbound',
    form: text,
    signedUrl: 'http://evil.example/twilio/main/inbound',
    host: 'evil.example',
  });
  t.is(forged.status, 403);
});

test('takes the raw query, spelled as it came', async t => {
  const there = await stage(t);
  for (const query of ["a=It's+x", 'a=%e9', 'a=%zz', '', '?', 'a=1&a=1']) {
    const target = `/twilio/main/inbound?${query}`;
    t.is((await call(there, {target, form: text})).status, 200, query);
  }
});

test('refuses with 403, never 500, and stores nothing', async t => {
  const there = await stage(t);
  const target = '/twilio/main/inbound';
  const cases = [
    {target, form: text, token: 'other'},
    {target, form: text, signature: ''},
    {target, form: text, signature: 'x'},
    {
      target,
      form: {...text, Body: ''},
      signature: toSignature(authToken, there.publicUrl + target, Object.entries(text)),
    },
    {target: `${target}?x=1`, form: text, signedUrl: there.publicUrl + target},
    {target, form: {...text, AccountSid: `AC${'f'.repeat(32)}`}},
    {target: `${target}?bodySHA256=00`, form: text},
    {method: 'GET', target, form: text, token: 'other'},
  ];
  for (const one of cases) {
    const answer = await call(there, one);
    t.is(answer.status, 403);
    t.truthy(JSON.parse(answer.body).error.message);
  }
  t.is(there.inbound.length, 0);
});

test('refuses a signed form that is no message', async t => {
  const there = await stage(t);
  for (const form of [{}, {...text, MessageSid: 'SM1'}, {...text, From: ''}, {...text, To: ' '}]) {
    t.is((await call(there, {target: '/twilio/main/inbound', form})).status, 400);
  }
  t.is((await call(there, {target: '/twilio/main/status', form: text})).status, 400);
  t.is(there.inbound.length, 0);
});

test('a text from a phone is not answered where it is not taken', async t => {
  const there = await stage(t);
  const form = {...text, SmsStatus: 'received', SmsSid: sid};
  t.is((await call(there, {target: '/twilio/main/status', form})).status, 400);
  const target = `/twilio/main/status?${new URLSearchParams(form)}`;
  t.is((await call(there, {method: 'GET', target})).status, 400);
  t.is((await call(there, {target: '/twilio/main/status?mid=abc&attempt=1', form})).status, 204);
  t.is((await call(there, {target: '/twilio/main/inbound', form})).status, 200);
  t.is(there.inbound.length, 1);
});

test('answers 503 when nothing could be stored, so that Twilio asks again', async t => {
  const unavailable = async () => {
    throw new Error('disk full');
  };
  const there = await stage(t, {events: {inbound: unavailable, receipt: unavailable}});
  t.is((await call(there, {target: '/twilio/main/inbound', form: text})).status, 503);
  const form = {MessageSid: sid, MessageStatus: 'sent'};
  t.is((await call(there, {target: '/twilio/main/status?mid=a&attempt=1', form})).status, 503);
});

test('rotates the auth token without one refusal', async t => {
  const there = await stage(t, {settings: {authTokens: ['token-two', authToken]}});
  const webhookUrl = `${there.publicUrl}/twilio/main/inbound`;
  const answers = [];
  for (let index = 0; index < 20; index += 1) {
    if (index === 10) there.pretend.rotate('token-two');
    answers.push(await there.pretend.sendFromPhone({webhookUrl, from: phone, to: ours, text: `${index}`}));
  }
  t.true(answers.every(answer => answer.status === 200));
  t.is(there.inbound.length, 20);
});

test('hands in media, a cleaned text and a WhatsApp phone without its prefix', async t => {
  const there = await stage(t);
  const form = {
    ...text,
    From: `whatsapp:${phone}`,
    To: `whatsapp:${ours}`,
    Body: 'a\0b',
    NumMedia: '1',
    MediaUrl0: 'https://api.twilio.com/x',
    MediaContentType0: 'image/png',
  };
  await call(there, {target: '/twilio/main/inbound', form});
  t.like(there.inbound[0], {
    from: phone,
    to: `whatsapp:${ours}`,
    text: 'ab',
    media: [{url: 'https://api.twilio.com/x', contentType: 'image/png'}],
  });
  await call(there, {target: '/twilio/main/inbound', form: {...form, From: 'whatsapp:US.1234abc'}});
  t.is(there.inbound[1]?.from, 'whatsapp:US.1234abc');
});

test('passes on what Advanced Opt-Out has recognized, in any language, and nothing else', async t => {
  const there = await stage(t);
  const webhookUrl = `${there.publicUrl}/twilio/main/inbound`;
  const write = (words: string, more: object = {}) =>
    there.pretend.sendFromPhone({webhookUrl, from: phone, to: ours, text: words, ...more});
  await write('ARRÊT', {optOutType: 'STOP'});
  await write('oui', {optOutType: 'START'});
  await write('aide', {optOutType: 'HELP'});
  for (const words of ['STOP', 'HELP']) await write(words);
  t.deepEqual(
    there.inbound.map(event => event.consent),
    ['stop', 'start', 'help', undefined, undefined],
  );
});

test('reads a pressed button and a shared place as text', async t => {
  const there = await stage(t);
  const target = '/twilio/main/inbound';
  const place = {Latitude: '52.5', Longitude: '13.4', Label: 'Office', Address: 'Some Street 1'};
  await call(there, {target, form: {...text, Body: '', ButtonText: 'Yes'}});
  await call(there, {target, form: {...text, Body: '', ...place}});
  t.deepEqual(
    there.inbound.map(event => event.text),
    ['Yes', 'Office\nSome Street 1\n52.5,13.4'],
  );
  t.notRegex(there.inbound.map(event => event.raw).join(' '), /Yes|Office|Street|52\.5/);
});
