import test from 'ava';
import {createLedger, toPhone, untilSeen} from '../../bench/lib/ledger.ts';
import {toMostInSecond} from '../../bench/lib/report.ts';

const steps = ['accepted', 'delivered'] as const;

function createFull(count: number) {
  const ledger = createLedger({first: 0, count, steps});
  for (let number = 0; number < count; number += 1)
    for (const step of steps) ledger.mark(step, number % 2 === 0 ? toPhone(number) : `+${toPhone(number)}`);
  return ledger;
}

const isWhole = ({accepted, delivered}: Readonly<Record<(typeof steps)[number], number>>) =>
  accepted === 1 && delivered === 1;

test('a run in which each text met each step once is a number', t => {
  const ledger = createFull(10);
  t.notThrows(() => ledger.check(isWhole));
  t.is(ledger.seen('delivered'), 10);
});

test('a run that lost one is none, also when another came twice', t => {
  const ledger = createLedger({first: 0, count: 2, steps});
  for (const number of [0, 1]) ledger.mark('accepted', toPhone(number));
  for (const number of [0, 0]) ledger.mark('delivered', toPhone(number));
  t.is(ledger.total('delivered'), 2);
  t.throws(() => ledger.check(isWhole), {message: /lost or doubled/});
});

test('a run that doubled one is none', t => {
  const ledger = createFull(10);
  ledger.mark('delivered', toPhone(3));
  t.throws(() => ledger.check(isWhole), {message: /1 texts: \{"accepted":1,"delivered":2\}/});
});

test('texts of others are not counted', t => {
  const ledger = createLedger({first: 100, count: 10, steps});
  t.is(ledger.mark('accepted', toPhone(99)), undefined);
  t.is(ledger.mark('accepted', toPhone(110)), undefined);
  t.is(ledger.mark('accepted', 'Genesys'), undefined);
  t.is(ledger.mark('accepted', toPhone(109)), 109);
  t.is(ledger.seen('accepted'), 1);
});

test('waiting for what never comes ends', async t => {
  await t.throwsAsync(
    untilSeen(() => 1, 2, 'receipts came', 20),
    {message: /Only 1 of 2 receipts came/},
  );
});

test('a sliding second holds what came within it, its end not counted', t => {
  t.is(toMostInSecond([]), 0);
  t.is(toMostInSecond([0, 500, 999, 1000, 1400]), 4);
  t.is(toMostInSecond([0, 1000, 2000]), 1);
});
