import test from 'ava';
import {createWaits} from '../../src/core/waits.ts';

const late = () => undefined;

test('tells who has waited longest, and passes over those that have ended', t => {
  const waits = createWaits();
  const [first, second, third] = [1, 2, 3].map(at => waits.begin(late, at));
  t.is(waits.oldest()?.at, 1);
  if (second !== undefined) waits.end(second);
  t.is(waits.oldest()?.at, 1);
  if (first !== undefined) waits.end(first);
  t.is(waits.oldest(), third);
  t.is(waits.size, 1);
});

test('one that has ended holds nothing, and ends once', t => {
  const waits = createWaits();
  const wait = waits.begin(late, 1);
  waits.begin(late, 2);
  waits.end(wait);
  waits.end(wait);
  t.is(wait.late, undefined);
  t.is(waits.size, 1);
});

test('keeps the order of many that come and go, while the oldest stays and after it went', t => {
  const waits = createWaits();
  const oldest = waits.begin(late, 0);
  for (let at = 1; at <= 5000; at += 1) waits.end(waits.begin(late, at));
  const last = waits.begin(late, 5001);
  t.is(waits.oldest(), oldest);
  waits.end(oldest);
  t.is(waits.oldest(), last);
  waits.end(last);
  t.is(waits.oldest(), undefined);
  t.is(waits.size, 0);
});

test('goes on after all have ended', t => {
  const waits = createWaits();
  waits.end(waits.begin(late, 1));
  const next = waits.begin(late, 2);
  t.is(waits.oldest(), next);
});
