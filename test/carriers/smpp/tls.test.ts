import test from 'ava';
import {createAuthority} from '../../helpers/certificate.ts';
import {until} from '../../helpers/until.ts';
import {openAccount, openSmsc, ourNumber, phone, untilBound} from './account.ts';

const authority = createAuthority();
const server = authority.issue('smsc', ['127.0.0.1', 'smsc.example.net']);
const client = authority.issue('acme');

test('binds, sends and hears over TLS with a certificate it can verify', async t => {
  const smsc = await openSmsc(t, {tls: {...server}});
  const {carrier, seen, sendSegment} = openAccount(t, {
    host: smsc.host,
    port: smsc.port,
    binds: 1,
    tls: {ca: authority.cert},
  });
  await carrier.start();
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
  await until('the receipt', () => seen.receipts.length === 1);
  t.deepEqual(await smsc.sendFromPhone({from: phone, to: ourNumber, text: 'hello'}), [0]);
});

const refusesIt = test.macro({
  async exec(t, tls: object | boolean, smscTls: object | undefined, why: RegExp) {
    const smsc = await openSmsc(t, smscTls === undefined ? {} : {tls: smscTls});
    const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, tls});
    await carrier.start();
    const failed = await until('the failure', () => seen.logs.find(({event}) => event === 'bind.failed'));
    t.regex(String(failed.fields.why), why);
    t.is(smsc.sessions().length, 0);
    t.is(carrier.window(), 0);
  },
  title: (what = '') => `does not bind to ${what}`,
});

test(
  'a server whose certificate nobody vouches for',
  refusesIt,
  true,
  server,
  /certificate is not trusted; give tls\.ca/,
);
test("another authority's server", refusesIt, {ca: createAuthority().cert}, server, /not trusted/);
test(
  'a server of another name',
  refusesIt,
  {ca: authority.cert},
  authority.issue('other', ['other.example.net']),
  /not trusted.*tls\.servername/,
);
test(
  'a server that speaks an old TLS',
  refusesIt,
  {ca: authority.cert, minVersion: 'TLSv1.3'},
  {...server, maxVersion: 'TLSv1.2'},
  /./,
);
test('a plain port by TLS', refusesIt, {ca: authority.cert, minVersion: 'TLSv1.2'}, undefined, /./);
test('a TLS port by plain TCP', refusesIt, false, server, /./);

test('takes any certificate where the operator says so, and warns', async t => {
  const smsc = await openSmsc(t, {tls: {...server}});
  const {carrier, seen} = openAccount(t, {
    host: smsc.host,
    port: smsc.port,
    binds: 1,
    tls: {acceptAnyCertificate: true},
  });
  await carrier.start();
  await untilBound(carrier);
  t.true(seen.logs.some(({level, event}) => level === 'warn' && event === 'smpp.any_certificate'));
});

test('verifies the name it was told instead of the host', async t => {
  const smsc = await openSmsc(t, {tls: {...authority.issue('smsc', ['smsc.example.net'])}});
  const {carrier} = openAccount(t, {
    host: smsc.host,
    port: smsc.port,
    binds: 1,
    tls: {ca: [authority.cert], servername: 'smsc.example.net'},
  });
  await carrier.start();
  await untilBound(carrier);
  t.is(carrier.window(), 10);
});

test('shows its own certificate to a server that asks for one', async t => {
  const smsc = await openSmsc(t, {tls: {...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true}});
  const place = {host: smsc.host, port: smsc.port, binds: 1};
  const bare = openAccount(t, {...place, tls: {ca: authority.cert}});
  await bare.carrier.start();
  await until('the refusal', () => bare.seen.logs.some(({event}) => event === 'bind.failed'));
  const {carrier, sendSegment} = openAccount(t, {...place, tls: {ca: authority.cert, ...client}});
  await carrier.start();
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
});
