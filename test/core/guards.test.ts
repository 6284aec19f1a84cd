import test from 'ava';
import {
  type Addressee,
  type Exchanged,
  type Guards,
  guardAddressee,
  guardLoop,
  refuseForDay,
  toCapAlert,
} from '../../src/core/guards.ts';

const open: Guards = {
  countries: undefined,
  onlyTo: undefined,
  dailySegments: undefined,
  timeZone: 'UTC',
  loop: {messages: 30, withinMs: 30_000},
};
const ours = {countries: {codes: ['US', 'CA'], isDefault: true}};
const named = {countries: {codes: ['US', 'CA'], isDefault: false}};
const french = {to: '+33612345678', countries: () => ['FR']};
const hourMs = 3_600_000;

const asks = test.macro({
  exec(t, guards: Partial<Guards>, addressee: Partial<Addressee>, expected: string | undefined) {
    const one = {to: '+14155550123', countries: () => ['US'], wroteAgoMs: undefined, ...addressee};
    const guarded = guardAddressee({...open, ...guards}, one);
    t.is(guarded && `${guarded.guard} ${guarded.reason.code}`, expected);
  },
  title: title => title ?? '',
});

test('without guards every phone is written to', asks, {}, french, undefined);
test('a phone of the channel’s country is written to', asks, ours, {}, undefined);
test('a phone of another country is not', asks, ours, french, 'country MessageNotAllowed');
test(
  'a number of no country is not',
  asks,
  ours,
  {to: '+870776123456', countries: () => []},
  'country MessageNotAllowed',
);
test('one that may be of an allowed country is', asks, ours, {countries: () => ['GG', 'US']}, undefined);
test('who wrote today is answered', asks, ours, {...french, wroteAgoMs: 23 * hourMs}, undefined);
test('who wrote days ago is not', asks, ours, {...french, wroteAgoMs: 25 * hourMs}, 'country MessageNotAllowed');
test(
  'countries that were named hold for answers too',
  asks,
  named,
  {...french, wroteAgoMs: 1},
  'country MessageNotAllowed',
);
test('a short code has no country', asks, named, {to: '48822', countries: () => []}, undefined);
test(
  'a number behind a prefix has',
  asks,
  named,
  {...french, to: 'whatsapp:+33612345678'},
  'country MessageNotAllowed',
);
test('a number of the list is written to', asks, {onlyTo: ['+14155550123']}, {}, undefined);
test('a number that begins so is', asks, {onlyTo: ['+3361*', '+1415555*']}, {}, undefined);
test(
  'a number that only begins like one of the list is not',
  asks,
  {onlyTo: ['+1415555012']},
  {},
  'only_to MessageNotAllowed',
);
test('the list comes before the countries', asks, {...named, onlyTo: ['+1*']}, french, 'only_to MessageNotAllowed');

/** `o` outbound, `i` inbound, a number a pause of so many seconds; the last is the text in question. A second lies between two of them. */
function toExchange(script: string): Exchanged[] {
  let at = 0;
  return (script.match(/\d+|[io]/g) ?? [])
    .flatMap((sign): Exchanged[] => {
      at += /\d/.test(sign) ? Number(sign) * 1000 : 1000;
      return /\d/.test(sign) ? [] : [{direction: sign === 'i' ? 'inbound' : 'outbound', at}];
    })
    .reverse();
}

const loops = test.macro({
  exec(t, script: string, expected: boolean) {
    const guarded = guardLoop(open, toExchange(script));
    t.is(guarded?.guard, expected ? 'loop' : undefined);
    t.is(guarded?.reason.code, expected ? 'RateLimited' : undefined);
  },
  title: title => title ?? '',
});

test('the thirtieth text in turns is a loop', loops, 'io'.repeat(15), true);
test('the twenty-eighth is none', loops, 'io'.repeat(14), false);
test('each 29 seconds after the other is one still', loops, 'i28 o28 '.repeat(15), true);
test('a pause of half a minute ends it', loops, `${'io'.repeat(14)} 30 io`, false);
test('after a pause it is counted anew', loops, `${'io'.repeat(20)} 60 ${'io'.repeat(10)}`, false);
test('a hundred texts nobody answers are no loop', loops, 'o'.repeat(100), false);
test('nor are a hundred with a few words in between', loops, 'ooooooooooi'.repeat(10), false);
test('two answers to each text are', loops, `${'ioo'.repeat(15)}`, true);
test('nothing is no loop', loops, '', false);

test('without a rule nobody looks', t => {
  t.is(guardLoop({...open, loop: undefined}, toExchange('io'.repeat(50))), undefined);
});

const alerts = test.macro({
  exec(t, cap: number, total: number, added: number, expected: 'near' | 'reached' | undefined) {
    t.is(toCapAlert(cap, total, added), expected);
  },
  title: (_, cap, total, added, expected) =>
    `${added} that make it ${total} of ${cap} are due ${expected ?? 'no'} alert`,
});
test(alerts, 100, 79, 1, undefined);
test(alerts, 100, 80, 1, 'near');
test(alerts, 100, 81, 3, 'near');
test(alerts, 100, 81, 1, undefined);
test(alerts, 100, 100, 1, 'reached');
test(alerts, 100, 100, 50, 'reached');
test(alerts, 1, 1, 1, 'reached');
test(alerts, 3, 3, 1, 'reached');

test('a day that is used up is a limit, told with its day', t => {
  t.deepEqual(refuseForDay(100, '2026-11-21'), {
    guard: 'daily_cap',
    reason: {code: 'RateLimited', message: "the channel's dailySegments (100) of 2026-11-21 are used up"},
  });
});
