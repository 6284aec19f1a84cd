import test from 'ava';
import {ask, openManagement, operatorToken, ops, readerToken} from '../helpers/management-port.ts';

const queue = 'outbound|acme|16504661149|smsc-a|bulk';
const depths = [
  {queue, waiting: 12, oldestAt: 1},
  {queue: 'inbound|acme|16504661149||interactive', waiting: 5, oldestAt: 1},
];
const post = (url: string, path: string, body: unknown) => ask(`${url}/api/${path}`, {token: operatorToken, body});

test('shows the carriers, what is closed and what waits', async t => {
  const gates = [{kind: 'parked' as const, filter: {}, reason: '401', by: 'gateway', since: 2}];
  const notations = {exact: 0, caseOrZeros: 1, hexToDecimal: 40, decimalToHex: 0};
  const receipts = {carrier: 'smsc-a', parked: 3, matchedLate: 2, orphaned: 1, byFacts: 0, notations};
  const {url} = await openManagement(t, {gates, depths, receiptCounts: [receipts]});
  const {body} = await ask(`${url}/api/carriers`, {token: readerToken});
  t.like(body.carriers[0], {name: 'smsc-a', pace: {rate: 10, limit: 20}, receipts});
  t.deepEqual(body.gates, gates);
  t.deepEqual(body.queues, depths);
});

test('pauses outbound texts unless told otherwise, and tells how many wait', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {status, body} = await post(url, 'pause', {channel: '16504661149', reason: 'wrong campaign'});
  t.is(status, 200);
  t.deepEqual(body, {paused: {channel: '16504661149', kind: 'outbound'}, queues: 1, waiting: 12, underWay: 1});
  t.deepEqual(calls, [['pause', {channel: '16504661149', kind: 'outbound'}, 'wrong campaign', ops]]);
});

test('pauses everything outbound with no filter at all', async t => {
  const {url, calls} = await openManagement(t);
  t.is((await post(url, 'pause', {})).status, 200);
  t.deepEqual(calls, [['pause', {kind: 'outbound'}, 'by hand', ops]]);
});

test('a mistyped name pauses nothing and says so', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await post(url, 'pause', {channel: 'nobody'});
  t.is(status, 404);
  t.regex(body.error.message, /^No queue fits channel nobody, kind outbound: check the names/);
  t.deepEqual(calls, []);
});

test('a mistyped field pauses nothing', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await post(url, 'pause', {chanel: '1'});
  t.is(status, 400);
  t.regex(body.error.message, /There is no field chanel here; known are platform, channel, carrier/);
  t.deepEqual(calls, []);
});

test('what stands in the query instead of the body pauses nothing', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await post(url, 'pause?channel=16504661149', {});
  t.is(status, 400);
  t.regex(body.error.message, /^Say what in the body/);
  t.deepEqual(calls, []);
});

test('resumes what was paused', async t => {
  const {url, calls} = await openManagement(t);
  t.deepEqual((await post(url, 'resume', {carrier: 'smsc-a'})).body, {resumed: {carrier: 'smsc-a', kind: 'outbound'}});
  t.deepEqual(calls, [['resume', {carrier: 'smsc-a', kind: 'outbound'}, ops]]);
});

test('tells what is paused when the filter is another', async t => {
  const gates = [{kind: 'paused' as const, filter: {carrier: 'smsc-b'}, reason: 'x', by: 'ops', since: 2}];
  const {url} = await openManagement(t, {gates, operations: {resume: async () => false}});
  const {status, body} = await post(url, 'resume', {carrier: 'smsc-a'});
  t.is(status, 404);
  t.is(
    body.error.message,
    'Nothing was paused or drained with carrier smsc-a, kind outbound. Paused or drained are: carrier smsc-b.',
  );
});

test('counts before it purges', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {body} = await post(url, 'purge', {priority: 'bulk'});
  t.deepEqual(body, {
    filter: {priority: 'bulk', kind: 'outbound'},
    waiting: 12,
    underWay: 1,
    purged: 0,
    confirmed: false,
  });
  t.deepEqual(calls, []);
});

test('purges when it is confirmed', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {body} = await post(url, 'purge', {priority: 'bulk', confirm: true, reason: 'wrong list'});
  t.like(body, {waiting: 12, underWay: 1, purged: 7, left: 0});
  t.deepEqual(calls, [['purge', {priority: 'bulk', kind: 'outbound'}, 'wrong list', ops]]);
});

test('purges nothing without a filter, unless all is said', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await post(url, 'purge', {confirm: true});
  t.is(status, 400);
  t.is(body.error.code, 'no_filter');
  t.deepEqual(calls, []);
  t.is((await post(url, 'purge', {confirm: true, all: true})).status, 200);
  t.is(calls.length, 1);
});

test('stops some texts of a queue by phone and by time', async t => {
  const {url, calls} = await openManagement(t);
  const texts = {phone: '1 (415) 555-0123', acceptedAfter: '2026-11-20T22:10:00Z'};
  t.is((await post(url, 'pause', texts)).status, 200);
  t.is((await post(url, 'purge', {...texts, confirm: true})).status, 200);
  const filter = {phone: '+14155550123', acceptedAfter: 1_795_212_600_000, kind: 'outbound'};
  t.deepEqual(calls, [
    ['pause', filter, 'by hand', ops],
    ['purge', filter, 'by hand', ops],
  ]);
});

const refused = test.macro({
  async exec(t, path: string, body: object, sentence: RegExp) {
    const {url, calls} = await openManagement(t);
    const answer = await post(url, path, body);
    t.is(answer.status, 400);
    t.regex(answer.body.error.message, sentence);
    t.deepEqual(calls, []);
  },
  title: title => `stops nothing by ${title}`,
});
test('a phone nobody can read', refused, 'pause', {phone: '+'}, /country code/);
test('a time nobody can read', refused, 'purge', {acceptedBefore: 'yesterday'}, /2026-11-20T22:10:00Z/);
test(
  'words with a number in them',
  refused,
  'purge',
  {acceptedAfter: 'last 12', confirm: true},
  /2026-11-20T22:10:00Z/,
);
test(
  'a date of which day and month may be swapped',
  refused,
  'purge',
  {acceptedAfter: '11.12.2026'},
  /2026-11-20T22:10:00Z/,
);
test('seconds where milliseconds are meant', refused, 'purge', {acceptedAfter: 1_795_212_600}, /milliseconds/);
const swapped = {acceptedAfter: '2026-11-21', acceptedBefore: '2026-11-20'};
test('a pause of no time', refused, 'pause', swapped, /swap the two/);
test('a purge of no time', refused, 'purge', {...swapped, confirm: true}, /swap the two/);
const sameDay = {acceptedAfter: '2026-11-20', acceptedBefore: '2026-11-20'};
test('a pause of a day that ends where it begins', refused, 'pause', sameDay, /where the next begins/);
test('a purge of a day that ends where it begins', refused, 'purge', {...sameDay, confirm: true}, /the next begins/);
test('a phone among posts', refused, 'pause', {phone: '+14155550123', kind: 'receipt'}, /leave it out/);
test('a drain of what is past', refused, 'drain', {acceptedBefore: 1}, /no field acceptedBefore/);
test('a drain by carrier and phone', refused, 'drain', {carrier: 'smsc-a', phone: '+14155550123'}, /name one of them/);

test('drains, and tells what each drain still holds', async t => {
  const filter = {channel: '16504661149', kind: 'outbound'} as const;
  const gates = [{kind: 'draining' as const, filter, reason: 'x', by: 'ops', since: 2}];
  const left = {waiting: 0, underWay: 0};
  const {url, calls} = await openManagement(t, {gates, operations: {count: async () => left}});
  const {body} = await post(url, 'drain', {channel: '16504661149', reason: 'x'});
  t.deepEqual(body, {draining: filter, queues: 1, ...left});
  t.deepEqual(calls, [['drain', filter, 'x', ops]]);
  const told = await ask(`${url}/api/gates`, {token: readerToken});
  t.deepEqual(told.body, {gates: [{...gates[0], ...left, drained: true}]});
});

test('a path that is not there names the chapters where those that are stand', async t => {
  const {url} = await openManagement(t);
  const {status, body} = await ask(`${url}/api/nothing`, {token: readerToken});
  t.is(status, 404);
  t.regex(body.error.message, /"Public port" and "Management port"/);
});

test('shows what operators did, page by page', async t => {
  const {url, calls} = await openManagement(t);
  const {status, body} = await ask(`${url}/api/audit?actor=ops&limit=2&before=9`, {token: readerToken});
  t.is(status, 200);
  t.deepEqual(body, {audits: [], next: 'more'});
  t.deepEqual(calls, [['audits', {actor: 'ops', limit: 2, before: '9'}]]);
  t.is((await ask(`${url}/api/audit?action=nonsense`, {token: readerToken})).status, 400);
});

test('who may only read stops nothing', async t => {
  const {url, calls} = await openManagement(t);
  for (const path of ['pause', 'resume', 'drain', 'purge', 'reload'])
    t.is((await ask(`${url}/api/${path}`, {token: readerToken, body: {all: true, confirm: true}})).status, 403, path);
  t.deepEqual(calls, []);
});

test('answers a reload with what is wrong', async t => {
  const mistakes = ['gateway.yaml:3 listen.port: must be a number.'];
  const refused = {applied: false, mistakes, warnings: [], changes: [], needsRestart: []};
  const {url} = await openManagement(t, {reload: async () => refused});
  const {status, body} = await post(url, 'reload', {});
  t.is(status, 422);
  t.deepEqual(body, refused);
});

test('takes a POST without a body', async t => {
  const {url} = await openManagement(t);
  t.is((await ask(`${url}/api/reload`, {token: operatorToken, method: 'POST'})).status, 200);
});

const sendRaw = (url: string, path: string, text: string, type?: string) =>
  fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: {Authorization: `Bearer ${operatorToken}`, ...(type !== undefined && {'Content-Type': type})},
    body: Buffer.from(text),
  });

for (const type of ['application/x-www-form-urlencoded', 'text/plain', undefined]) {
  for (const path of ['pause', 'drain', 'resume']) {
    test(`${path} reads its filter when the body is said to be ${type ?? 'nothing'}`, async t => {
      const {url, calls} = await openManagement(t);
      t.is((await sendRaw(url, path, '{"channel":"16504661149"}', type)).status, 200);
      t.like(calls, [[path, {channel: '16504661149', kind: 'outbound'}]]);
    });
  }

  test(`takes an empty body that is said to be ${type ?? 'nothing'}`, async t => {
    const {url} = await openManagement(t);
    t.is((await sendRaw(url, 'reload', '', type)).status, 200);
  });
}

const drainsNothing = test.macro({
  async exec(t, text: string, type?: string) {
    const {url, calls} = await openManagement(t);
    t.is((await sendRaw(url, 'drain', text, type)).status, 400);
    t.deepEqual(calls, []);
  },
  title: title => `drains nothing by ${title}`,
});
const form = 'application/x-www-form-urlencoded';
test('a form', drainsNothing, 'channel=16504661149', form);
test(
  'a form of parts',
  drainsNothing,
  '--x\r\nContent-Disposition: form-data; name="channel"\r\n\r\n1\r\n--x--\r\n',
  'multipart/form-data; boundary=x',
);
test('JSON cut short', drainsNothing, '{"channel":"1650', form);
test('blanks', drainsNothing, ' ', form);
for (const text of ['[]', '["16504661149"]', 'null', '"16504661149"', '16504661149']) {
  test(`JSON that is no object: ${text}`, drainsNothing, text);
}
