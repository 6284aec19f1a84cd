import test from 'ava';
import {createCountriesOf} from '../src/numbers.ts';

const countriesOf = createCountriesOf();

const belongs = test.macro({
  exec(t, phone: string, ...expected: string[]) {
    t.deepEqual([...countriesOf(phone)].sort(), expected.sort());
  },
  title: (title, phone) => `${phone} is ${title}`,
});

test('of the United States', belongs, '+14155550123', 'US');
test('of Canada', belongs, '+14165550123', 'CA');
test('of Jamaica', belongs, '+18765550123', 'JM');
test('of an area code nobody knows yet', belongs, '+19995550100', 'CA', 'US');
test('of France', belongs, '+33612345678', 'FR');
test('too long, and of the United States still', belongs, '+141555501234567', 'US');
test('of Kazakhstan, which shares a calling code', belongs, '+77012345678', 'KZ');
test('of Guernsey', belongs, '+447781123456', 'GG');
test('of one of those that share the code, and nobody knows which', belongs, '+447', 'GB', 'GG', 'IM', 'JE');
test('of a satellite', belongs, '+870776123456');
test('of a calling code nobody has', belongs, '+2109999999');
test('behind a prefix', belongs, 'whatsapp:+33612345678', 'FR');
