import test from 'ava';
import type {Outcome} from '../../src/core/outcome.ts';
import {createHealth} from '../../src/relay/health.ts';

const failed: Outcome = {kind: 'unknown', reason: {code: 'ServerError', message: 'no answer'}};
const throttled: Outcome = {kind: 'unavailable', scope: 'throttled', reason: {code: 'RateLimited', message: 'slower'}};
const taken: Outcome = {kind: 'taken'};

function start() {
  const clock = {now: 1000};
  const lines: string[] = [];
  const tell = (event: string, fields?: object) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const log = {debug() {}, info() {}, warn: tell, error: tell};
  const health = createHealth({of: {kind: 'carrier', name: 'a'}, log, now: () => clock.now, noise: () => 1});
  return {clock, lines, health};
}

test('rests after failures, lets one try, goes on after a success, and tells each once', t => {
  const {clock, lines, health} = start();
  t.is(health.room(10, 2), 8);
  for (let count = 0; count < 5; count += 1) health.learn(failed);
  t.is(health.room(10, 0), 0);
  t.is(health.waitMs(), 5000);
  t.deepEqual(health.status(), {kind: 'carrier', name: 'a', breaker: 'open', since: 1000, why: 'no answer'});
  clock.now += 5000;
  t.is(health.room(10, 0), 1);
  t.is(health.room(10, 1), 0);
  health.learn(failed);
  t.is(health.phase(), 'open');
  clock.now += 10_000;
  health.learn(taken);
  t.is(health.room(10, 0), 10);
  t.deepEqual(health.status(), {kind: 'carrier', name: 'a', breaker: 'closed', since: 16_000});
  t.deepEqual(lines, [
    'breaker.open {"destination":"carrier a","why":"no answer"}',
    'breaker.closed {"destination":"carrier a"}',
  ]);
});

test('however much it is throttled, it never rests', t => {
  const {lines, health} = start();
  for (let count = 0; count < 100; count += 1) health.learn(throttled);
  t.is(health.phase(), 'closed');
  t.deepEqual(lines, []);
});

test('what came to no try says nothing: it neither makes it rest nor shows that it works', t => {
  const {clock, lines, health} = start();
  const untried: Outcome = {...throttled, scope: 'message', isUntried: true};
  for (let count = 0; count < 100; count += 1) health.learn(untried);
  t.is(health.phase(), 'closed');
  for (let count = 0; count < 5; count += 1) health.learn(failed);
  clock.now += 5000;
  health.learn(untried);
  t.is(health.phase(), 'half-open');
  t.is(lines.length, 1);
});

test('a link that stands again is tried at once', t => {
  const {health} = start();
  for (let count = 0; count < 5; count += 1) health.learn(failed);
  health.reconsider();
  t.is(health.room(10, 0), 1);
});

test('retries above the budget have to be slow ones, and what is taken pays for new ones', t => {
  const {health} = start();
  const unavailable: Outcome = {...throttled, scope: 'message', isWell: true};
  const soon = Array.from({length: 60}, () => health.learn(unavailable)).filter(isOver => !isOver).length;
  t.is(soon, 50);
  for (let count = 0; count < 5; count += 1) health.learn(taken);
  t.false(health.learn(unavailable));
  t.true(health.learn(unavailable));
});
