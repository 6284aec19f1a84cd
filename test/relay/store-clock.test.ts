import test from 'ava';
import {createStoreClock} from '../../src/relay/store-clock.ts';

const hourMs = 3_600_000;

function start(aheadMs: number) {
  const clock = {own: 1_000_000_000 + aheadMs, stores: 1_000_000_000};
  return {clock, now: createStoreClock(() => clock.own, {now: () => clock.stores})};
}

test('the only process on a store has one clock', t => {
  const now = () => 7;
  t.is(createStoreClock(now, undefined), now);
});

test('before the store has told its time a clock is left alone', t => {
  t.is(createStoreClock(() => 7, {now: () => Number.NaN})(), 7);
});

test('a clock that goes with the store’s is left alone', t => {
  const {clock, now} = start(400);
  t.is(now(), clock.own);
  clock.own += 60_000;
  clock.stores += 60_300;
  t.is(now(), clock.own);
});

test('its times are whole milliseconds, as the store takes them', t => {
  const now = createStoreClock(() => 1_000_000_000, {now: () => 1_000_005_000.25});
  t.is(now(), 1_000_005_000);
});

test('one that is hours off goes by the store’s, evenly, also when it is set right', t => {
  for (const aheadMs of [hourMs, -hourMs]) {
    const {clock, now} = start(aheadMs);
    const first = now();
    t.is(first, clock.stores);
    clock.own += 60_000;
    clock.stores += 60_300;
    t.is(now(), first + 60_000);
    clock.own -= aheadMs;
    t.is(now(), clock.stores);
  }
});
