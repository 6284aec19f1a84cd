import test from 'ava';
import fc from 'fast-check';
import {toLocalTime} from '../../src/core/local-time.ts';
import {type SendingHours, toOpeningMs} from '../../src/core/sending-hours.ts';

const all = [0, 1, 2, 3, 4, 5, 6];
const hours: SendingHours = {from: 540, to: 1200, days: all, outside: 'wait'};

const opens = test.macro({
  exec(t, now: string, zones: string[], expected: string | undefined, more: Partial<SendingHours> = {}) {
    const ms = toOpeningMs(Date.parse(now), zones, {...hours, ...more});
    t.is(ms === undefined ? undefined : new Date(Date.parse(now) + ms).toISOString(), expected);
  },
  title: title => title ?? '',
});

const [east, west, hawaii] = ['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu'];
const paris = 'Europe/Paris';

test('open where it is day', opens, '2026-11-20T15:00:00Z', [east], '2026-11-20T15:00:00.000Z');
test('its first minute is open', opens, '2026-11-20T14:00:00Z', [east], '2026-11-20T14:00:00.000Z');
test('before it opens one waits to the second', opens, '2026-11-20T13:59:01Z', [east], '2026-11-20T14:00:00.000Z');
test('its last minute is closed', opens, '2026-11-21T01:00:00Z', [east], '2026-11-21T14:00:00.000Z');
test('it opens when the last zone has opened', opens, '2026-11-20T15:00:00Z', [east, west], '2026-11-20T17:00:00.000Z');
test(
  'what is open in each only by turns is closed',
  opens,
  '2026-11-20T15:00:00Z',
  [east, hawaii],
  '2026-11-20T19:00:00.000Z',
);
test('zones that share no hour never open', opens, '2026-11-20T15:00:00Z', [paris, 'Pacific/Auckland'], undefined, {
  from: 600,
  to: 1080,
});
test('no zone at all is always open', opens, '2026-11-20T03:00:00Z', [], '2026-11-20T03:00:00.000Z');
test('a day that is left out is waited over', opens, '2026-11-21T12:00:00Z', [paris], '2026-11-23T08:00:00.000Z', {
  days: [1, 2, 3, 4, 5],
});
test('only a week later', opens, '2026-11-23T19:00:00Z', [paris], '2026-11-30T08:00:00.000Z', {days: [1]});
test('the night is an hour shorter', opens, '2026-03-28T20:00:00Z', [paris], '2026-03-29T07:00:00.000Z');
test('the night is an hour longer', opens, '2026-10-24T20:00:00Z', [paris], '2026-10-25T08:00:00.000Z');

test('what it answers is the first minute that is open everywhere, whenever it is asked', t => {
  const zones = ['America/New_York', 'America/Los_Angeles', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  const isOpen = (at: number, named: readonly string[], {from, to, days}: SendingHours) =>
    named.every(zone => {
      const {weekday, minute} = toLocalTime(at, zone);
      return days.includes(weekday) && minute >= from && minute < to;
    });
  fc.assert(
    fc.property(
      fc.integer({min: 0, max: 366 * 1440}),
      fc.subarray(zones, {minLength: 1, maxLength: 3}),
      fc.integer({min: 360, max: 600}),
      fc.subarray(all, {minLength: 3}),
      (minute, named, from, days) => {
        const now = Date.UTC(2026, 0, 1) + minute * 60_000;
        const rule = {...hours, from, to: 1260, days};
        const ms = toOpeningMs(now, named, rule);
        if (ms === undefined) return true;
        if (!isOpen(now + ms, named, rule)) return false;
        for (let at = now; at < now + ms; at += 15 * 60_000) if (isOpen(at, named, rule)) return false;
        return true;
      },
    ),
    {numRuns: 60},
  );
  t.pass();
});
