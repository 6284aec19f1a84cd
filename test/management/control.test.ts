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
  t.deepEqual(body, {paused: {channel: '16504661149', kind: 'outbound'}, queues: 1, waiting: 12});
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
  t.is(body.error.message, 'Nothing was paused with carrier smsc-a, kind outbound. Paused are: carrier smsc-b.');
});

test('counts before it purges', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {body} = await post(url, 'purge', {priority: 'bulk'});
  t.deepEqual(body, {filter: {priority: 'bulk', kind: 'outbound'}, waiting: 12, purged: 0, confirmed: false});
  t.deepEqual(calls, []);
});

test('purges when it is confirmed', async t => {
  const {url, calls} = await openManagement(t, {depths});
  const {body} = await post(url, 'purge', {priority: 'bulk', confirm: true, reason: 'wrong list'});
  t.is(body.purged, 7);
  t.deepEqual(calls, [['purge', [queue], 'wrong list', ops]]);
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

test('answers a reload with what is wrong', async t => {
  const refused = {applied: false, mistakes: ['gateway.yaml:3 listen.port: must be a number.'], warnings: []};
  const {url} = await openManagement(t, {reload: async () => refused});
  const {status, body} = await post(url, 'reload', {});
  t.is(status, 422);
  t.deepEqual(body, refused);
});

test('takes a POST without a body', async t => {
  const {url} = await openManagement(t);
  t.is((await ask(`${url}/api/reload`, {token: operatorToken, method: 'POST'})).status, 200);
});
