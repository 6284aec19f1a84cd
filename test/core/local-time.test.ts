import test from 'ava';
import {isTimeZone, toLocalTime} from '../../src/core/local-time.ts';

const shows = test.macro({
  exec(t, utc: string, zone: string, day: string, weekday: number, minute: number) {
    t.deepEqual(toLocalTime(Date.parse(utc), zone), {day, weekday, minute});
  },
  title: (_, utc, zone) => `what a clock in ${zone} shows at ${utc}`,
});

test(shows, '2026-11-21T02:30:00Z', 'UTC', '2026-11-21', 6, 150);
test(shows, '2026-11-21T02:30:00Z', 'America/Los_Angeles', '2026-11-20', 5, 18 * 60 + 30);
test(shows, '2026-11-21T20:00:00Z', 'Asia/Kolkata', '2026-11-22', 0, 90);
test(shows, '2026-03-29T00:59:59Z', 'Europe/Paris', '2026-03-29', 0, 119);
test(shows, '2026-03-29T01:00:00Z', 'Europe/Paris', '2026-03-29', 0, 180);

const knows = test.macro({
  exec(t, name: string, expected: boolean) {
    t.is(isTimeZone(name), expected);
  },
  title: (_, name, expected) => `${name} is ${expected ? 'a' : 'no'} zone`,
});
test(knows, 'UTC', true);
test(knows, 'America/Argentina/Buenos_Aires', true);
test(knows, 'Etc/GMT+5', true);
test(knows, 'Mars/Olympus', false);
test(knows, '+01:00', false);
test(knows, 'EST', false);
