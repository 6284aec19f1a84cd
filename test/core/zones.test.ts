import test from 'ava';
import {getCountries} from 'libphonenumber-js/max';
import {toZones} from '../../src/core/zones.ts';
import {createCountriesOf} from '../../src/numbers.ts';

const countriesOf = createCountriesOf();

const lies = test.macro({
  exec(t, phone: string, ...expected: string[]) {
    t.deepEqual([...toZones(phone, countriesOf(phone))].sort(), expected.sort());
  },
  title: (title, phone) => `the zones of ${title} (${phone})`,
});

test('California', lies, '+14155550123', 'America/Los_Angeles');
test('New York', lies, '+12125550123', 'America/New_York');
test('a state that lies in two', lies, '+12085550123', 'America/Denver', 'America/Los_Angeles');
test('Newfoundland', lies, '+17095550123', 'America/Halifax', 'America/St_Johns');
test('Puerto Rico', lies, '+17875550123', 'America/Puerto_Rico');
test('France', lies, '+33612345678', 'Europe/Paris');
test('a number of no country', lies, '+870776123456');

test('a number that may be anywhere in a country is in all its zones', t => {
  const toll = toZones('+18005550123', countriesOf('+18005550123'));
  for (const zone of ['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu']) t.true(toll.includes(zone));
  const russian = toZones('+79161234567', countriesOf('+79161234567'));
  t.true(russian.includes('Europe/Kaliningrad') && russian.includes('Asia/Vladivostok'));
  t.false(russian.includes('Asia/Almaty'));
  const unassigned = toZones('+19995550100', countriesOf('+19995550100'));
  t.true(unassigned.includes('America/St_Johns') && unassigned.includes('Pacific/Honolulu'));
});

test('every area code is of the country whose zones it has', t => {
  const ofCountry = (country: string) => toZones('+0', [country]);
  for (let area = 200; area < 1000; area += 1) {
    const [country = ''] = countriesOf(`+1${area}2345678`);
    const zones = toZones(`+1${area}2345678`, [country]);
    const foreign = zones.filter(zone => !ofCountry(country).includes(zone));
    t.deepEqual(foreign, [], `${area} of ${country}`);
  }
});

test('every country that has phones has a zone', t => {
  const without = getCountries().filter(country => toZones('+999', [country]).length === 0);
  t.deepEqual(without, []);
  t.deepEqual(toZones('+38344123456', ['XK']), ['Europe/Belgrade']);
});
