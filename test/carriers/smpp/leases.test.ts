import test from 'ava';
import type {LinkLeases} from '../../../src/carriers/carrier.ts';
import type {InboundEvent} from '../../../src/core/event.ts';
import {until} from '../../helpers/until.ts';
import {openAccount, openSmsc, ourNumber, phone, withAccount} from './account.ts';

/** Links that come and go when the test says so. */
function createLinks() {
  const given = Promise.withResolvers<Parameters<LinkLeases['follow']>[1]>();
  const links: LinkLeases = {
    follow(_, use) {
      given.resolve(use);
      return () => use([]);
    },
  };
  return {links, use: given.promise};
}

test('a link that is another’s soon is cut when its time is over, whatever is still in flight', async t => {
  const smsc = await openSmsc(t);
  const {links, use: given} = createLinks();
  const options = {host: smsc.host, port: smsc.port, stopGrace: '10m', responseTimeout: '10m'};
  const {carrier, sendSegment} = openAccount(t, options, {}, links);
  await carrier.start();
  const use = await given;
  await use([0]);
  await until('the link', () => carrier.window() > 0);
  smsc.faults.mute = true;
  const sent = sendSegment('hi');
  await until('the submission', () => smsc.submits.length === 1);
  const closing = use([]);
  t.is(carrier.window(), 0);
  await use([], 200);
  await closing;
  t.like(await sent, {kind: 'unknown'});
});

test('a text is awaited as long as the link by which it came stands, and not for longer than SMSCs wait', async t => {
  const taken: InboundEvent[] = [];
  const stored = Promise.withResolvers<'stored'>();
  const {smsc, carrier} = await withAccount(
    t,
    {},
    {},
    {
      inbound(event) {
        taken.push(event);
        return stored.promise;
      },
    },
  );
  const delivered = smsc.sendFromPhone({from: phone, to: ourNumber, text: 'hello'});
  await until('the text', () => taken.length === 1);
  t.true(taken[0]?.isAwaited?.());
  await until('it to have waited for too long', () => taken[0]?.isAwaited?.() === false);
  t.true(carrier.window() > 0);
  const again = smsc.sendFromPhone({from: phone, to: ourNumber, text: 'hello'});
  await until('it to come again', () => taken.length === 2);
  t.true(taken[1]?.isAwaited?.());
  smsc.disconnectAll();
  await until('the link to be gone', () => taken[1]?.isAwaited?.() === false);
  stored.resolve('stored');
  await Promise.allSettled([delivered, again]);
});
