import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {dirname, join} from 'node:path';
import test from 'ava';
import type {Claim, Store} from '../../src/store/store.ts';
import {findInFiles} from '../helpers/find-in-files.ts';
import * as kit from './contract/kit.ts';
import {toInbound, toOutbound, toReceipt} from './contract/kit.ts';
import {openSqlite} from './open-sqlite.ts';

const phoneKeys = [randomBytes(32).toString('base64')];
const secrecy = {keys: [], seals: false, phoneKeys};

async function forget(store: Store, phone: string): Promise<void> {
  await store.orderForget({phone, by: 'ops', atOnce: true});
  await finish(store, phone);
}

async function finish(store: Store, phone: string): Promise<void> {
  for (let before: number | undefined; ; ) {
    before = (await store.forgetMore(phone, before, 50)).next;
    if (before === undefined) break;
  }
  await store.forgetRest(phone);
}

function digitsOf(phone: string): string {
  return phone.slice(1);
}

function toPhone(number: number): string {
  return `+1415${String((number * 7_654_321) % 10_000_000).padStart(7, '0')}`;
}

const batch = 60;

/** Lives of all kinds, in no order of phones, so that pages are split and filled again. */
async function fill(store: Store, phones: readonly string[], lives: number): Promise<void> {
  for (let first = 0; first < lives; first += batch) {
    const numbers = Array.from({length: batch}, (_, index) => first + index);
    await Promise.all(numbers.map(number => live(store, phones[(number * 37) % phones.length] ?? '', number)));
    const claims = await store.claim(kit.everyOutbound, batch / 3);
    await Promise.all(claims.map(claim => send(store, claim)));
  }
}

async function live(store: Store, phone: string, number: number): Promise<void> {
  const text = `words for ${digitsOf(phone)} ${'x'.repeat((number * 13) % 200)}`;
  await store.acceptOutbound(toOutbound(`m${number}`, {to: phone, text, raw: `{"to": "${phone}"}`}));
  if (number % 5 === 0) await store.acceptInbound(toInbound(`i${number}`, {from: phone}));
  if (number % 7 === 0) await store.receipt('smsc', toReceipt(`stray${number}`, {phone, raw: `to:${phone}`}));
  if (number % 11 !== 0) return;
  const detail = {by: 'ops', reason: `said by ${phone}`};
  await store.setConsent([{list: 'channel acme c1', phone, state: 'out', source: 'operator', detail}]);
}

async function send(store: Store, claim: Claim): Promise<void> {
  await kit.startSegment(store, claim);
  await kit.settleTaken(store, claim, `id${claim.job}`);
  const to = claim.work.kind === 'outbound' ? claim.work.outbound.to : '';
  await store.receipt('smsc', toReceipt(`id${claim.job}`, {raw: `id:id${claim.job} to:${digitsOf(to)}`}));
}

test('nothing of a forgotten phone is left in the bytes of any file, and everything of the others', async t => {
  const {store, file} = await openSqlite(t, {secrecy});
  const phones = Array.from({length: 120}, (_, index) => toPhone(index + 1));
  await fill(store, phones, 900);
  const words = (await store.consents({limit: 500})).consents.length;
  const gone = phones.slice(0, 30);
  const kept = phones.slice(30);
  const folder = dirname(file);
  t.true(findInFiles(folder, gone.map(digitsOf)).length > 0);
  for (const phone of gone) await forget(store, phone);
  t.true((await store.tidy(false)).isClean);
  t.deepEqual(findInFiles(folder, gone.map(digitsOf)), []);
  t.is(findInFiles(folder, kept.map(digitsOf)).length, kept.length);
  for (const phone of kept.slice(0, 5)) t.true((await store.holdings(phone)).messages > 0);
  t.is((await store.consents({limit: 500})).consents.length, words);
});

test('a gateway killed in the middle of forgetting goes on with it and leaves no trace', async t => {
  const {store, file, reopen} = await openSqlite(t);
  const numbers = Array.from({length: 200}, (_, number) => number);
  await Promise.all(
    numbers.map(number => {
      const to = number % 2 === 0 ? kit.phone : toPhone(number);
      return store.acceptOutbound(toOutbound(`m${number}`, {to, text: `words for ${to}`}));
    }),
  );
  await store.close();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'forgetter.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    child.kill('SIGKILL');
  }
  t.true(printed.startsWith('5\n'));
  const again = await reopen();
  const left = (await again.holdings(kit.phone)).messages;
  t.true(left < 100);
  const orders = await again.forgetOrders();
  t.deepEqual(
    orders.map(({phone}) => phone),
    [kit.phone],
  );
  await finish(again, kit.phone);
  t.true(await again.isTidyOwed());
  t.true((await again.tidy(false)).isClean);
  t.deepEqual(findInFiles(dirname(file), [digitsOf(kit.phone)]), []);
  t.is((await again.find({limit: 500})).messages.length, 100);
});

test('what people wrote is in no file in clear while a key seals it', async t => {
  const key = randomBytes(32).toString('base64');
  const {store, file} = await openSqlite(t, {secrecy: {keys: [{id: 'k1', key}], seals: true, phoneKeys}});
  const secret = 'a secret nobody reads';
  await store.acceptOutbound(toOutbound('m1', {text: secret, raw: `{"text": "${secret}"}`}));
  const body = Buffer.from(secret).toString('hex');
  await store.holdPart('smsc', kit.toPart(1, {body}));
  await store.acceptInbound(toInbound('i1', {raw: secret}));
  t.deepEqual(findInFiles(dirname(file), [secret, body, key]), []);
  await store.tidy(true);
  t.deepEqual(findInFiles(dirname(file), [secret, body, key]), []);
  t.is((await kit.recordOf(store, 'm1')).text, secret);
});
