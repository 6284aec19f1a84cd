import test from 'ava';
import {goodFile, load} from '../helpers/config-file.ts';

function withLines(...lines: string[]): string {
  return goodFile.replace(
    '    platform: acme\n',
    ['    platform: acme', ...lines.map(line => `    ${line}`), ''].join('\n'),
  );
}

const complains = test.macro({
  exec(t, line: string, ...expected: string[]) {
    t.deepEqual(load(t, withLines(line)).mistakes, expected);
  },
  title: (_, line) => `tells what is wrong with ${line}`,
});

const country = 'is no country with phone numbers of its own: give an ISO 3166 code, such as `US`.';
test(complains, 'allowedCountries: [XX]', `channels[0].allowedCountries[0]: ${country}`);
test(
  complains,
  'allowedCountries: [us]',
  'channels[0].allowedCountries[0]: must be an ISO 3166 code of two capital letters, such as `US`.',
);
const phone = 'must be a number with its plus (`+14155550123`), or how numbers begin and a star (`+1415555*`).';
test(complains, 'onlyTo: ["4155550123"]', `channels[0].onlyTo[0]: ${phone}`);
test(complains, 'onlyTo: ["+1415"]', `channels[0].onlyTo[0]: ${phone}`);
test(complains, 'onlyTo: []', 'channels[0].onlyTo: must be at least 1 entries long.');
test(complains, 'dailySegments: 0', 'channels[0].dailySegments: must be at least 1.');
const zone = 'must be the IANA name of a time zone, such as `America/New_York` or `UTC`.';
test(complains, 'timeZone: America/Springfield', `channels[0].timeZone: ${zone}`);
test(complains, 'timeZone: "+05:00"', `channels[0].timeZone: ${zone}`);
test(complains, 'sendingHours: {zones: [EST5]}', `channels[0].sendingHours.zones[0]: ${zone}`);
test(
  complains,
  'sendingHours: {from: "20:00", to: "08:00"}',
  'channels[0].sendingHours.to: must be later than `from`, on the same day.',
);
test(
  complains,
  'sendingHours: {from: 9am}',
  'channels[0].sendingHours.from: must be a time of day in quotes, such as `"09:00"`.',
);
test(
  complains,
  'byPrefix: [{prefix: "44", carriers: [north]}]',
  'channels[0].byPrefix[0].prefix: must be how numbers begin: `+` and digits, such as `+44`.',
);
test(
  complains,
  'byPrefix: [{prefix: "+44", carriers: [nort]}, {prefix: "+44", carriers: [south]}]',
  'channels[0].byPrefix[0].carriers[0]: is no carrier of this channel: did you mean `north`?',
  'channels[0].byPrefix[1].prefix: is there a second time: leave one out.',
);

const allows = test.macro({
  exec(t, lines: string[], expected: unknown) {
    const {config, mistakes} = load(t, withLines(...lines));
    t.deepEqual(mistakes, []);
    t.deepEqual(config?.channels[0]?.guards?.countries, expected);
  },
  title: title => title ?? '',
});

test('countries that are named are those and no others', allows, ['allowedCountries: [US, CA]'], {
  codes: ['US', 'CA'],
  isDefault: false,
});
test('all of them are no guard', allows, ['allowedCountries: all'], undefined);

const lands = test.macro({
  exec(t, from: string, to: string, expected: string[] | undefined) {
    const {config} = load(t, goodFile.replaceAll(from, to));
    t.deepEqual(config?.channels[0]?.guards?.countries?.codes, expected);
  },
  title: title => title ?? '',
});
test('a toll-free number is at home in two countries', lands, '+16504661149', '+18004661149', [
  ...['US', 'PR', 'VI', 'GU', 'AS', 'MP'],
  'CA',
]);
test('a short code of no country refuses nobody', lands, '+16504661149', '48822', undefined);
test('a number of another country has that country', lands, '+16504661149', '+33612345678', ['FR']);

test('says that a night is longer than texts wait', t => {
  const {config} = load(t, withLines('sendingHours: {from: "09:00", to: "20:00"}'));
  t.like(config?.warnings, [
    /sendingHours: let texts wait for up to 13 h, and sendWithin ends earlier: give sendWithin: 13h or more/.exec(
      config?.warnings[0] ?? '',
    )?.input,
  ]);
  t.is(config?.warnings.length, 1);
  const longer = load(t, withLines('sendingHours: {from: "09:00", to: "20:00"}', 'sendWithin: 13h'));
  t.deepEqual(longer.config?.warnings, []);
});

test('hours become minutes, and days their numbers', t => {
  const {config} = load(t, withLines('sendingHours: {from: "08:30", to: "24:00", days: [mon, sat], outside: expire}'));
  t.deepEqual(config?.channels[0]?.sendingHours, {from: 510, to: 1440, days: [1, 6], outside: 'expire'});
});
