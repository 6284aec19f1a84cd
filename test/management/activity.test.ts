import test from 'ava';
import {toSafeFields} from '../../src/log.ts';
import {createActivity} from '../../src/management/activity.ts';
import {createEventRing} from '../../src/management/event-ring.ts';

const silent = {debug() {}, info() {}, warn() {}, error() {}};

test('counts by the minute and forgets what is an hour old', t => {
  const clock = {now: 1_700_000_000_000};
  const activity = createActivity(() => clock.now);
  activity.add('accepted');
  activity.add('accepted');
  t.is(activity.perMinute('accepted').at(-1), 2);
  clock.now += 60_000;
  activity.add('accepted');
  t.deepEqual(activity.perMinute('accepted').slice(-3), [0, 2, 1]);
  t.is(activity.perMinute('failed').length, 60);
  clock.now += 58 * 60_000;
  t.deepEqual(activity.perMinute('accepted').slice(0, 2), [2, 1]);
  clock.now += 60_000;
  t.deepEqual(activity.perMinute('accepted').slice(0, 2), [1, 0]);
  clock.now += 1e9;
  t.deepEqual(
    activity.perMinute('accepted'),
    Array.from({length: 60}, () => 0),
  );
});

test('remembers the last five hundred events and counts them all', t => {
  const ring = createEventRing({now: () => 7, toSafeFields});
  const log = ring.watch(silent);
  log.info('bind.up');
  for (let number = 0; number < 600; number += 1) log.warn('bind.lost', {number});
  log.error('queue.parked', {phone: '+14155550123'});
  t.is(ring.recent().length, 500);
  t.deepEqual(ring.recent()[0], {at: 7, code: 'queue.parked', severity: 'critical', fields: {phone: '+1415555****'}});
  t.is(ring.recent()[1]?.fields.number, 599);
  t.deepEqual(ring.recent({severity: 'critical'}).length, 1);
  t.deepEqual(ring.recent({code: 'bind.lost'}).length, 499);
  t.deepEqual(
    ring.counts().map(({code, count}) => [code, count]),
    [
      ['queue.parked', 1],
      ['bind.lost', 600],
    ],
  );
});

test('any number of refused calls leaves other events to be seen, in their order', t => {
  let now = 0;
  const ring = createEventRing({now: () => now, toSafeFields});
  const log = ring.watch(silent);
  const write = (code: string) => {
    now += 1;
    log.warn(code);
  };
  write('bind.lost');
  for (let number = 0; number < 300; number += 1) write('nexus.webhook.refused');
  write('queue.parked');
  for (let number = 0; number < 1000; number += 1) write('nexus.webhook.refused');
  write('bind.lost');
  t.is(ring.recent().length, 500);
  t.deepEqual(
    ring
      .recent()
      .filter(({code}) => code !== 'nexus.webhook.refused')
      .map(({code, at}) => [code, at]),
    [
      ['bind.lost', 1303],
      ['queue.parked', 302],
      ['bind.lost', 1],
    ],
  );
  t.is(ring.recent({code: 'nexus.webhook.refused'})[0]?.at, 1302);
});
