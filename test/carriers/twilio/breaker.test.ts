import test from 'ava';
import {type CallResult, createBreaker} from '../../../src/carriers/twilio/breaker.ts';

function start() {
  const clock = {now: 0};
  const breaker = createBreaker({now: () => clock.now, noise: () => 1});
  return {
    clock,
    breaker,
    record(result: CallResult, times: number) {
      for (let count = 0; count < times; count += 1) breaker.record(result);
    },
  };
}

test('opens after five failures in a row', t => {
  const {breaker, record} = start();
  record('failed', 4);
  t.is(breaker.state(), 'closed');
  record('failed', 1);
  t.is(breaker.state(), 'open');
  t.is(breaker.waitMs(), 5000);
});

test('stays closed while less than half of the last calls fail', t => {
  const {breaker, record} = start();
  for (let round = 0; round < 20; round += 1) {
    record('ok', 2);
    record('failed', 1);
  }
  t.is(breaker.state(), 'closed');
});

test('opens when half of the last calls fail', t => {
  const {breaker, record} = start();
  for (let round = 0; round < 5; round += 1) {
    record('ok', 1);
    record('failed', 1);
  }
  t.is(breaker.state(), 'open');
});

test('tries once when its time has come, and closes on success', t => {
  const {breaker, clock, record} = start();
  record('failed', 5);
  clock.now = 4999;
  t.is(breaker.state(), 'open');
  clock.now = 5000;
  t.is(breaker.state(), 'half-open');
  record('ok', 1);
  t.is(breaker.state(), 'closed');
  record('failed', 4);
  t.is(breaker.state(), 'closed');
});

test('rests for longer each time the trial fails, a minute at most', t => {
  const {breaker, clock, record} = start();
  record('failed', 5);
  const waits: Array<number | undefined> = [];
  for (let round = 0; round < 6; round += 1) {
    const waitMs = breaker.waitMs() ?? 0;
    waits.push(waitMs);
    clock.now += waitMs;
    record('failed', 1);
  }
  t.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('learns nothing from answers that come while it is open', t => {
  const {breaker, record} = start();
  record('failed', 5);
  record('ok', 10);
  t.is(breaker.state(), 'open');
});
