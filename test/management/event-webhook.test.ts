import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {toSafeFields} from '../../src/log.ts';
import {createObservation} from '../../src/management/index.ts';
import {until} from '../helpers/until.ts';

async function openPager(t: ExecutionContext, status = 200) {
  const told: Array<Record<string, unknown>> = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    told.push(JSON.parse(text));
    response.writeHead(status).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return {told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`};
}

function observe(eventWebhook: string) {
  const clock = {now: 1_700_000_000_000};
  const lines: string[] = [];
  const write = (event: string) => void lines.push(event);
  const log = {debug: write, info: write, warn: write, error: write};
  const observation = createObservation({log, now: () => clock.now, toSafeFields, eventWebhook});
  return {clock, lines, observation};
}

test('tells of a critical event with what to do, masked', async t => {
  const {told, url} = await openPager(t);
  const {observation} = observe(url);
  observation.log.warn('bind.lost', {carrier: 'smsc-a'});
  observation.log.warn('inbound.unroutable', {to: '+14155550123', why: 'nobody has 14155550123', token: 'x'});
  await until('one event to be told', () => told.length === 1);
  t.like(told[0], {
    code: 'inbound.unroutable',
    severity: 'critical',
    at: '2023-11-14T22:13:20.000Z',
    fields: {to: '+1415555****', why: 'nobody has 1415555****', token: '[hidden]'},
  });
  t.regex(String(told[0]?.whatToDo), /replay/);
});

test('tells of one code once a minute, with how many were kept back', async t => {
  const {told, url} = await openPager(t);
  const {clock, observation} = observe(url);
  for (let count = 0; count < 5; count += 1) observation.log.error('queue.parked', {queue: 'x'});
  await until('the first to be told', () => told.length === 1);
  clock.now += 60_000;
  observation.log.error('queue.parked', {queue: 'x'});
  await until('the next to be told', () => told.length === 2);
  t.is(told[1]?.keptBack, 4);
});

test('says in the log that it could not tell, and does not tell of that', async t => {
  const {told, url} = await openPager(t, 404);
  const {lines, observation} = observe(url);
  observation.log.error('queue.parked', {queue: 'x'});
  await until('the failure to be logged', () => lines.includes('events.webhook_failed'));
  await observation.stop();
  t.is(told.length, 1);
  t.like(observation.events.counts().at(-1), {code: 'events.webhook_failed', severity: 'warning', count: 1});
});
