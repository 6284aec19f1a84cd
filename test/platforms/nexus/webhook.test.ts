import {request} from 'node:http';
import test from 'ava';
import fc from 'fast-check';
import {Refusal} from '../../../src/core/refusal.ts';
import {judgeContract} from '../../../src/platforms/nexus/examine-judge.ts';
import {toSignature} from '../../../src/platforms/nexus/signature.ts';
import {type EdgeOptions, noon, toChannel, withWebhook} from './harness.ts';

const own = '16504661149';
const text = {id: 'm-1', channel: {id: own, from: {id: own}, to: {id: '14155550123'}}, type: 'Text', text: 'Hello'};
const body = JSON.stringify({messages: [text]});

interface Call {
  path?: string;
  bytes?: string | Uint8Array;
  /** The channel's own unless given; empty for no header. */
  signature?: string;
  headers?: Record<string, string>;
}

async function call(
  url: string,
  {path = `/nexus/webhook/acme/${own}`, bytes = body, signature, headers = {}}: Call = {},
) {
  const raw = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes);
  const signed = signature ?? toSignature(raw, `webhook-${own}`);
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: {'content-type': 'application/json', ...(signed === '' ? {} : {'x-hub-signature': signed}), ...headers},
    body: raw,
  });
  return {status: answer.status, body: (await answer.json()) as Record<string, unknown>};
}

const channels = [
  toChannel(own),
  toChannel('16504661150'),
  toChannel('16504661150', {platform: 'beta', webhookSecrets: ['beta']}),
];
const platforms = {acme: {}, beta: {}};

const accepts = test.macro({
  async exec(t, request: Call, expected: object, options: EdgeOptions = {}) {
    const {url, stored} = await withWebhook(t, {channels, platforms, ...options});
    const answer = await call(url, request);
    t.deepEqual(answer, {status: 200, body: {messageId: 'out-1'}});
    t.is(stored.length, 1);
    t.like(stored[0], expected);
  },
  title: (title = '') => `stores and answers 200 to ${title}`,
});

const read = {
  platform: 'acme',
  channel: own,
  reading: {readable: true, texts: [{to: '+14155550123', text: 'Hello', externalId: 'm-1'}]},
};
const sharing = [toChannel(own), toChannel('16504661150', {webhookSecrets: [`webhook-${own}`]})];
const named = (id: string) => JSON.stringify({messages: [{...text, channel: {to: '14155550123', id}}]});

test('a text on the channel’s path', accepts, {}, {...read, raw: body});
test('a text on the path without platform', accepts, {path: `/nexus/webhook/${own}`}, read);
test('a text on /nexus/webhook, by its secret', accepts, {path: '/nexus/webhook'}, read);
test('a text on /, by its secret', accepts, {path: '/'}, read);
test(
  'a body that names no channel, by the only one of its secret',
  accepts,
  {path: '/', bytes: '{"to":"14155550123","text":"x"}'},
  {channel: own},
);
test(
  'a secret of two channels, by the one the body names',
  accepts,
  {path: '/', bytes: named('+1 650 466 1150')},
  {channel: '16504661150'},
  {channels: sharing},
);
test('a body on a channel’s path that names another channel', accepts, {bytes: named('16504661150')}, {channel: own});
test('upper-case hex', accepts, {signature: toSignature(Buffer.from(body), `webhook-${own}`).toUpperCase()}, read);
test('the second of two secrets', accepts, {}, read, {
  channels: [toChannel(own, {webhookSecrets: ['new', `webhook-${own}`]})],
});
test('a byte-order mark', accepts, {bytes: `\ufeff${body}`}, {...read, raw: body});
test('a body that is no RichMedia', accepts, {bytes: '{"hello":1}'}, {raw: '{"hello":1}', reading: {readable: false}});
test(
  'empty messages',
  accepts,
  {bytes: '{"messages":[]}'},
  {reading: {readable: false, why: 'the list of messages is empty'}},
);
test('a bare JSON value', accepts, {bytes: 'null'}, {raw: 'null', reading: {readable: false}});
test(
  'NUL and lone surrogates',
  accepts,
  {bytes: '{"to":"14155550123","text":"a\\u0000b\\ud800"}'},
  {reading: {texts: [{text: 'ab\ufffd'}]}},
);
test('any content type', accepts, {headers: {'content-type': 'text/plain'}}, read);
test(
  'SHA-256 where the contract takes it',
  accepts,
  {
    signature: '',
    headers: {
      'x-hub-signature-256': toSignature(Buffer.from(body), `webhook-${own}`, {algorithm: 'sha256', encoding: 'hex'}),
    },
  },
  read,
  {platforms: {acme: {contract: {acceptSha256: true}}}},
);

const refuses = test.macro({
  async exec(t, request: Call, status: number, code: string, options: EdgeOptions = {}) {
    const {url, stored, log} = await withWebhook(t, {channels, platforms, ...options});
    const answer = await call(url, request);
    t.like(answer, {status, body: {error: {code}}});
    t.deepEqual(stored, []);
    t.true(log.lines.some(({event, fields}) => event === 'nexus.webhook.refused' && fields.code === code));
    t.notRegex(JSON.stringify(log.lines), /webhook-1650|Hello|4155550123/);
  },
  title: (title = '') => `stores nothing of ${title}`,
});

const rightly = toSignature(Buffer.from(body), `webhook-${own}`);
/** Blanks and digits that could still be a number at each of them. */
const unnamed = {...text, channel: {from: {id: '1 '.repeat(50_000)}, to: '14155550123'}};
const thousands = Array.from({length: 3000}, (_, index) =>
  toChannel(`1650500${1000 + index}`, {webhookSecrets: ['one']}),
);
const invalidUtf8 = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);

test('a wrong signature', refuses, {signature: toSignature(Buffer.from(body), 'wrong')}, 401, 'signature_wrong');
test(
  'a signature by another channel’s secret',
  refuses,
  {signature: toSignature(Buffer.from(body), 'webhook-16504661150')},
  401,
  'signature_wrong',
);
test('an absent signature', refuses, {signature: ''}, 401, 'signature_absent');
test('a truncated signature', refuses, {signature: rightly.slice(0, -2)}, 401, 'signature_malformed');
test(
  'a signature of the secret the posts are signed with',
  refuses,
  {signature: toSignature(Buffer.from(body), `api-${own}`)},
  401,
  'signature_wrong',
);
test('a body changed by one blank', refuses, {bytes: `${body} `, signature: rightly}, 401, 'signature_wrong');
test(
  'SHA-256 unless the contract takes it',
  refuses,
  {
    signature: '',
    headers: {
      'x-hub-signature-256': toSignature(Buffer.from(body), `webhook-${own}`, {algorithm: 'sha256', encoding: 'hex'}),
    },
  },
  401,
  'signature_absent',
);
test(
  'a wrong signature on /',
  refuses,
  {path: '/', signature: toSignature(Buffer.from(body), 'wrong')},
  401,
  'signature_wrong',
);
const toAll = JSON.stringify({messages: Array.from({length: 10}, () => unnamed)});
test(
  'a body that names none of thousands of channels of its secret, in the time of one',
  refuses,
  {path: '/', bytes: toAll, signature: toSignature(Buffer.from(toAll), 'one')},
  401,
  'channel_not_proven',
  {channels: thousands},
);
test(
  'a body on / signed for one channel that names another',
  refuses,
  {path: '/', bytes: named('16504661150')},
  401,
  'channel_not_proven',
);
test(
  'a body on / that names neither channel of its secret',
  refuses,
  {path: '/', bytes: named('someone')},
  401,
  'channel_not_proven',
  {channels: sharing},
);
test('an unknown channel', refuses, {path: '/nexus/webhook/acme/19995550000'}, 404, 'unknown_channel');
test('an unknown platform', refuses, {path: `/nexus/webhook/other/${own}`}, 404, 'unknown_channel');
test('an id that two platforms have', refuses, {path: '/nexus/webhook/16504661150'}, 404, 'ambiguous_channel');
test('what is no JSON', refuses, {bytes: '{"messages":'}, 400, 'not_json');
test('an empty body', refuses, {bytes: ''}, 400, 'not_json');
test('invalid UTF-8', refuses, {bytes: invalidUtf8}, 400, 'not_json');
test('invalid UTF-8 on /', refuses, {path: '/', bytes: invalidUtf8}, 400, 'not_json');

const until = '2026-11-20T13:00:00Z';
const lenient = {
  acme: {contract: {badSignatureStatus: {status: 503, until}, unknownChannelStatus: {status: 503, until}}},
};
test('a wrong signature while the contract says 503', refuses, {signature: ''}, 503, 'signature_absent', {
  platforms: lenient,
});
test(
  'a wrong signature on / while the contract says 503',
  refuses,
  {path: '/', signature: ''},
  503,
  'signature_absent',
  {platforms: lenient},
);
test(
  'an unknown channel while the contract says 503',
  refuses,
  {path: '/nexus/webhook/acme/1'},
  503,
  'unknown_channel',
  {platforms: lenient},
);
test(
  'an unknown channel without platform while the contract says 503',
  refuses,
  {path: '/nexus/webhook/1'},
  503,
  'unknown_channel',
  {platforms: lenient},
);
test(
  'an unknown platform while the contract says 503',
  refuses,
  {path: `/nexus/webhook/acmee/${own}`},
  503,
  'unknown_channel',
  {platforms: lenient},
);
test(
  'an id that two platforms have while the contract of one says 503',
  refuses,
  {path: '/nexus/webhook/16504661150'},
  503,
  'ambiguous_channel',
  {platforms: {...lenient, beta: {}}},
);
test('a wrong signature once the 503 has expired', refuses, {signature: ''}, 401, 'signature_absent', {
  platforms: lenient,
  now: () => noon + 3_600_000,
});
test('an unknown channel once the 503 has expired', refuses, {path: '/nexus/webhook/acme/1'}, 404, 'unknown_channel', {
  platforms: lenient,
  now: () => noon + 3_600_000,
});

const adapted = (contract: object) => ({platforms: {acme: {contract}}});
const base64 = toSignature(Buffer.from(body), `webhook-${own}`, {algorithm: 'sha1', encoding: 'base64'});
const spaced = `{ "to": "14155550123", "text": "x" }`;
const ofRewritten = toSignature(Buffer.from('{"to":"14155550123","text":"x"}'), `webhook-${own}`);
const soon = '2026-11-27T12:00:00Z';
const with256 = (signature: string) => ({signature: '', headers: {'x-hub-signature-256': signature}});
const inSha256 = adapted({acceptSha256: true});
test('a wrong SHA-256', refuses, with256(`sha256=${'0'.repeat(64)}`), 401, 'signature_wrong', inSha256);
test('half a SHA-256', refuses, with256(`sha256=${'0'.repeat(40)}`), 401, 'signature_malformed', inSha256);
test('neither signature', refuses, {signature: ''}, 401, 'signature_absent', inSha256);
test('a SHA-256 nobody asked for', refuses, with256(`sha256=${'0'.repeat(64)}`), 401, 'signature_absent');
const as256 = (encoding: 'hex' | 'base64') =>
  with256(toSignature(Buffer.from(body), `webhook-${own}`, {algorithm: 'sha256', encoding}));
test('SHA-256 in base64, as Genesys Cloud writes it', accepts, as256('base64'), read, inSha256);
test(
  'SHA-256 in hex beside SHA-1 in base64',
  accepts,
  as256('hex'),
  read,
  adapted({acceptSha256: true, signatureEncoding: 'base64'}),
);
test(
  'a SHA-256 in base64 of another secret',
  refuses,
  with256(toSignature(Buffer.from(body), 'another', {algorithm: 'sha256', encoding: 'base64'})),
  401,
  'signature_wrong',
  inSha256,
);
const tooFar = '2026-11-27T12:00:01Z';

test('base64 where the contract says so', accepts, {signature: base64}, read, adapted({signatureEncoding: 'base64'}));
test('base64 unless the contract says so', refuses, {signature: base64}, 401, 'signature_malformed');
test(
  'hex where the contract says base64',
  refuses,
  {},
  401,
  'signature_malformed',
  adapted({signatureEncoding: 'base64'}),
);
test(
  'JSON written anew, where the contract takes it',
  accepts,
  {bytes: spaced, signature: ofRewritten},
  {raw: spaced},
  adapted({acceptRewritten: true}),
);
test(
  'JSON written anew, unless the contract takes it',
  refuses,
  {bytes: spaced, signature: ofRewritten},
  401,
  'signature_wrong',
);
test(
  'wrongly signed JSON, where the contract takes it written anew',
  refuses,
  {bytes: `${spaced}1`, signature: ofRewritten},
  401,
  'signature_wrong',
  adapted({acceptRewritten: true}),
);
test(
  'any signature while the contract only asks for a report',
  accepts,
  {signature: ''},
  read,
  adapted({reportOnlyUntil: soon}),
);
test(
  'a wrong signature without a channel in the path, report or not',
  refuses,
  {path: '/', signature: ''},
  401,
  'signature_absent',
  adapted({reportOnlyUntil: soon}),
);
test('a wrong signature once the report has expired', refuses, {signature: ''}, 401, 'signature_absent', {
  ...adapted({reportOnlyUntil: soon}),
  now: () => Date.parse(soon),
});
test(
  'a wrong signature when the report should last longer than a week',
  refuses,
  {signature: ''},
  401,
  'signature_absent',
  adapted({reportOnlyUntil: tooFar}),
);

test('lets nothing pass in the last week before a date that was further away when it was read', async t => {
  let at = noon;
  const {url, log} = await withWebhook(t, {...adapted({reportOnlyUntil: tooFar}), now: () => at});
  at += 86_400_000;
  t.is((await call(url, {signature: ''})).status, 401);
  t.deepEqual(
    log.lines.map(({event}) => event),
    ['nexus.webhook.refused'],
  );
});

test('tells nobody at the start of a report that is over', async t => {
  const {log} = await withWebhook(t, {...adapted({reportOnlyUntil: soon}), now: () => Date.parse(soon)});
  t.deepEqual(log.lines, []);
});

const judges = test.macro({
  exec(t, reportOnlyUntil: string, expected: RegExp) {
    t.regex(judgeContract('acme', {reportOnlyUntil}, noon)[0]?.message ?? 'nothing', expected);
  },
  title: (title = '') => `doctor tells of ${title}`,
});
test('a report that lets webhooks pass', judges, soon, /lets webhooks .* pass until/);
test('a report that lets none pass, being too far away', judges, tooFar, /refuses wrong signatures .*earlier/);
test('no report that is over', judges, '2026-11-20T11:59:59Z', /^nothing$/);

test('reports each webhook it lets pass, and at the start that it does', async t => {
  const {url, log} = await withWebhook(t, adapted({reportOnlyUntil: soon}));
  await call(url, {signature: toSignature(Buffer.from(body), 'wrong')});
  t.like(log.lines, [
    {event: 'nexus.signature.report_only', fields: {platform: 'acme', until: soon}},
    {event: 'nexus.signature.reported', fields: {platform: 'acme', channel: own, code: 'signature_wrong'}},
  ]);
  t.regex(String(log.lines[1]?.fields?.traceId), /^[\da-f]{32}$/);
});

test('refuses in the form of the platform that has the channel of the path', async t => {
  const {url} = await withWebhook(t, {
    channels: [toChannel('16504661150'), toChannel(own, {platform: 'beta'})],
    platforms: {acme: {}, beta: {contract: {refusalForm: 'status'}}},
  });
  const answers = [own, '16504661150'].map(id => call(url, {path: `/nexus/webhook/${id}`, signature: ''}));
  t.like(await Promise.all(answers), [{body: {status: {code: 401}}}, {body: {error: {code: 'signature_absent'}}}]);
});

test('refuses what can’t be stored now in the same form, with when to come again', async t => {
  const {url} = await withWebhook(t, {
    ...adapted({refusalForm: 'status'}),
    outbound: () => Promise.reject(new Refusal(503, 'draining', 'Later.', 30)),
  });
  t.deepEqual(await call(url), {status: 503, body: {status: {code: 503, message: 'Later.'}}});
});

for (const path of [`/nexus/webhook/acme/${own}`, '/', '/nexus/webhook/1']) {
  test(`refuses in Nexus’ own form where the contract says so, on ${path}`, async t => {
    const {url} = await withWebhook(t, adapted({refusalForm: 'status'}));
    const answer = await call(url, {path, signature: ''});
    t.like(answer.body, {status: {code: answer.status}, error: undefined});
  });
}

test('verifies before it parses', async t => {
  const {url} = await withWebhook(t);
  t.is((await call(url, {bytes: 'no json', signature: ''})).status, 401);
});

test('refuses more than 1 MiB', async t => {
  const {url, stored} = await withWebhook(t);
  const bytes = `"${'x'.repeat(2 * 1024 * 1024)}"`;
  const answer = await call(url, {bytes}).catch(() => ({status: 413}));
  t.is(answer.status, 413);
  t.deepEqual(stored, []);
});

test('answers the id of each message when there are several', async t => {
  const {url, stored} = await withWebhook(t);
  const typing = {type: 'Event', events: [{eventType: 'Typing'}]};
  const bytes = JSON.stringify({messages: [{...text, text: 'a'}, typing, {text: 'nobody'}, {...text, text: 'b'}]});
  t.deepEqual(await call(url, {bytes}), {
    status: 200,
    body: {
      messageId: 'out-1',
      messages: [{messageId: 'out-1'}, {messageId: 'new-1'}, {messageId: 'out-3'}, {messageId: 'out-2'}],
    },
  });
  t.deepEqual(
    stored.map(({reading}) => (reading.readable ? reading.texts.map(one => one.text) : reading.why)),
    [['a', 'b'], 'the message names no phone number in any known place'],
  );
});

test('answers 200 to events and stores nothing', async t => {
  const {url, stored} = await withWebhook(t);
  const answer = await call(url, {bytes: '{"messages":[{"type":"Event","events":[{"eventType":"Typing"}]}]}'});
  t.deepEqual(answer, {status: 200, body: {messageId: 'new-1'}});
  t.deepEqual(stored, []);
});

test('answers only once the text is stored', async t => {
  const stored = Promise.withResolvers<string[]>();
  const asked = Promise.withResolvers<void>();
  const {url} = await withWebhook(t, {
    outbound: () => {
      asked.resolve();
      return stored.promise;
    },
  });
  let answered = false;
  const answer = call(url).then(result => {
    answered = true;
    return result;
  });
  await asked.promise;
  t.false(answered);
  stored.resolve(['out-1']);
  t.deepEqual(await answer, {status: 200, body: {messageId: 'out-1'}});
});

const traces = test.macro({
  async exec(t, header: string | undefined, expected: RegExp) {
    const {url, stored} = await withWebhook(t);
    await call(url, {headers: header === undefined ? {} : {'X-B3-TraceId': header}});
    t.regex(stored[0]?.traceId ?? '', expected);
  },
  title: (title = '') => `follows ${title}`,
});

test(
  'a trace id of 32 hex digits, in lower case',
  traces,
  '0AF7651916CD43DD8448EB211C80319C',
  /^0af7651916cd43dd8448eb211c80319c$/,
);
test('a trace id of 16 hex digits, padded', traces, '8448eb211c80319c', /^00000000000000008448eb211c80319c$/);
test('a trace of its own where none came', traces, undefined, /^[\da-f]{32}$/);
test('a trace of its own instead of something else', traces, 'x'.repeat(32), /^[\da-f]{32}$/);
test('a trace of its own instead of zeros', traces, '0'.repeat(32), /^(?!0+$)[\da-f]{32}$/);

test('tries no more than 64 secrets without a channel in the path', async t => {
  const many = Array.from({length: 65}, (_, index) => toChannel(String(16504660000 + index)));
  const {url} = await withWebhook(t, {channels: many});
  const signedBy = (index: number) => ({
    path: '/',
    bytes: '{"text":"x"}',
    signature: toSignature(Buffer.from('{"text":"x"}'), `webhook-${16504660000 + index}`),
  });
  t.is((await call(url, signedBy(63))).status, 200);
  t.is((await call(url, signedBy(64))).status, 401);
});

test('takes no signature that came twice', async t => {
  const {port, stored} = await withWebhook(t);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(
      {port, path: `/nexus/webhook/acme/${own}`, method: 'POST', headers: {'x-hub-signature': [rightly, rightly]}},
      answer => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    sent.once('error', reject).end(body);
  });
  t.is(status, 401);
  t.deepEqual(stored, []);
});

test('answers 200 to JSON nested deeper than any stack', async t => {
  const {url, stored} = await withWebhook(t);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  t.is((await call(url, {bytes: deep})).status, 200);
  t.is((await call(url, {bytes: `{"messages":[${deep},${JSON.stringify(text)}]}`})).status, 200);
  t.is(stored.length, 3);
});

test('keeps platforms with the same channel id apart by the path', async t => {
  const id = '16504661150';
  const {url, stored} = await withWebhook(t, {channels, platforms});
  const signedBy = (secret: string) => toSignature(Buffer.from(body), secret);
  const statuses = [];
  for (const platform of ['acme', 'beta']) {
    for (const secret of [`webhook-${id}`, 'beta']) {
      const answer = await call(url, {path: `/nexus/webhook/${platform}/${id}`, signature: signedBy(secret)});
      statuses.push(answer.status);
    }
  }
  t.deepEqual(statuses, [200, 401, 401, 200]);
  t.deepEqual(
    stored.map(({platform}) => platform),
    ['acme', 'beta'],
  );
});

test('answers 200 to any JSON that is rightly signed, 400 to anything else', async t => {
  const {url} = await withWebhook(t);
  const json = fc.jsonValue().map(value => ({bytes: Buffer.from(JSON.stringify(value)), status: 200}));
  const other = fc
    .uint8Array({maxLength: 40})
    .map(bytes => ({bytes: Buffer.from(bytes), status: isJson(bytes) ? 200 : 400}));
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, other), async ({bytes, status}) => (await call(url, {bytes})).status === status),
    {numRuns: 300},
  );
  t.pass();
});

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
    return true;
  } catch {
    return false;
  }
}
