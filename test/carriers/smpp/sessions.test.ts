import {type AddressInfo, createServer, type Socket} from 'node:net';
import test from 'ava';
import {type LinkOptions, openLink} from '../../../src/carriers/smpp/session/link.ts';
import {until} from '../../helpers/until.ts';
import {openAccount, openSmsc, ourNumber, phone, toOutbound, untilBound, withAccount} from './account.ts';

test('takes a text, asks for a receipt on every segment and hands the receipts in (facts 2.1, one receipt per message)', async t => {
  const {smsc, seen, sendText} = await withAccount(t);
  const outcomes = await sendText('x'.repeat(200));
  t.deepEqual(
    outcomes.map(outcome => outcome.kind === 'taken' && outcome.carrierMessageId),
    ['00000001', '00000002'],
  );
  await until('two receipts', () => seen.receipts.length === 2);
  t.deepEqual(
    smsc.submits.map(submit => submit.registeredDelivery),
    [1, 1],
  );
  t.like(seen.receipts[0], {carrierMessageId: '00000001', state: 'delivered', final: true, phone});
  t.is(smsc.phones[0]?.text, 'x'.repeat(200));
});

function open(changes: Partial<LinkOptions>) {
  return openLink({
    host: '127.0.0.1',
    port: 1,
    localAddress: undefined,
    tls: undefined,
    connectTimeoutMs: 5000,
    partialTimeoutMs: 5000,
    onOpen() {},
    onFrames() {},
    onFault() {},
    onDrain() {},
    onClose() {},
    ...changes,
  });
}

const cantTry = test.macro({
  async exec(t, changes: Partial<LinkOptions>, why: RegExp) {
    const closed = Promise.withResolvers<string>();
    const link = open({onOpen: () => closed.resolve('open'), onClose: closed.resolve, ...changes});
    t.regex(await closed.promise, why);
    link.destroy('closed already');
  },
  title: (what = '') => `a link that can't even be tried fails and throws nothing: ${what}`,
});
test('a port that is none', cantTry, {port: 99_999}, /ERR_SOCKET_BAD_PORT/);
test('a local address that is none', cantTry, {localAddress: 'eth0'}, /ERR_INVALID_IP_ADDRESS/);
test('a certificate that is none', cantTry, {tls: {cert: 'x'}}, /no start line/);

test('a link whose far side takes none of our answers ends, rather than keep them all', async t => {
  const sockets: Socket[] = [];
  const server = createServer(socket => void sockets.push(socket.pause()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const opened = Promise.withResolvers<void>();
  let ended: string | undefined;
  const link = open({
    port: (server.address() as AddressInfo).port,
    onOpen: opened.resolve,
    onClose: why => {
      ended = why;
    },
  });
  t.teardown(() => link.destroy('the test is over'));
  await opened.promise;
  for (let answers = 0; answers < 8192 && ended === undefined; answers += 1) {
    link.answer(Buffer.alloc(16_384));
    await new Promise(setImmediate);
  }
  t.is(ended, 'the SMSC takes none of our answers');
});

test('writes header, numbering and validity of a first segment as the standard has them', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  await sendSegment('x'.repeat(200), 0, {reference: 0x1234});
  const [submit] = smsc.submits;
  t.deepEqual(submit?.shortMessage.subarray(0, 6), Buffer.of(5, 0, 3, 0x34, 2, 1));
  t.is(submit?.shortMessage.length, 159);
  t.like(submit?.message, {
    sourceTon: 1,
    sourceNpi: 1,
    source: '16504661149',
    destinationTon: 1,
    destinationNpi: 1,
    destination: '14155550123',
    esmClass: 0x40,
    dataCoding: 0,
    validityPeriod: '000001000000000R',
  });
});

test('resumes at a later segment with the same reference (facts 2.2, a throttled second segment)', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  smsc.faults.next.push({pass: true}, {status: 0x58});
  const text = 'x'.repeat(400);
  t.like(await sendSegment(text, 0), {kind: 'taken'});
  t.like(await sendSegment(text, 1), {kind: 'unavailable', scope: 'throttled', reason: {code: 'RateLimited'}});
  t.like(await sendSegment(text, 1), {kind: 'taken'});
  t.like(await sendSegment(text, 2), {kind: 'taken'});
  t.deepEqual(
    smsc.phones.map(each => each.text),
    [text],
  );
});

test('calls a queue that is full throttling too (facts 2.2, 0x14)', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  smsc.faults.next.push({status: 0x14});
  t.like(await sendSegment('hi'), {kind: 'unavailable', scope: 'throttled'});
});

test('tells a refusal with its code', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  smsc.faults.next.push({status: 0x0b}, {status: 0x0a}, {status: 0x08}, {status: 0x4ff});
  t.like(await sendSegment('hi'), {
    kind: 'refused',
    scope: 'message',
    reason: {code: 'InvalidDestination', message: '0x0000000B Invalid destination address'},
  });
  t.like(await sendSegment('hi'), {kind: 'refused', scope: 'account'});
  t.like(await sendSegment('hi'), {kind: 'unavailable', scope: 'message'});
  t.like(await sendSegment('hi'), {kind: 'refused', scope: 'message', reason: {code: 'GeneralError'}});
});

test('never has more in flight than its window; the rest waits its turn (facts 2.2, no window)', async t => {
  const {smsc, carrier, sendSegment} = await withAccount(t, {window: 3}, {latencyMs: 20});
  t.is(carrier.window(), 3);
  const sent = Array.from({length: 10}, () => sendSegment('hi'));
  await until('three submissions', () => smsc.submits.length === 3);
  t.is(carrier.status().window.used, 3);
  const outcomes = await Promise.all(sent);
  t.true(outcomes.every(outcome => outcome.kind === 'taken'));
  t.is(smsc.submits.length, 10);
});

test('a cut with a full window: each is unknown, the next is sent on the new link (facts 2.3, in-flight at close)', async t => {
  const {smsc, carrier, seen, sendSegment} = await withAccount(t, {window: 5});
  smsc.faults.mute = true;
  const sent = Array.from({length: 5}, () => sendSegment('hi'));
  await until('five submissions', () => smsc.submits.length === 5);
  smsc.disconnectAll();
  const outcomes = await Promise.all(sent);
  t.true(outcomes.every(outcome => outcome.kind === 'unknown'));
  smsc.faults.mute = false;
  await untilBound(carrier);
  t.like(await sendSegment('again'), {kind: 'taken'});
  t.true(seen.logs.some(({event}) => event === 'bind.lost'));
});

test('without a link a segment is unavailable at once', async t => {
  const {carrier, sendSegment} = openAccount(t, {host: '127.0.0.1', port: 1});
  await carrier.start();
  t.is(carrier.window(), 0);
  t.like(await sendSegment('hi'), {kind: 'unavailable', scope: 'message'});
});

test('a response that does not come makes the segment unknown; one that comes late is handed in (facts 2.3, no response time-out)', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {responseTimeout: '50ms'});
  smsc.faults.next.push({lateMs: 150});
  const outcome = await sendSegment('hi', 0, {attempt: 4});
  t.like(outcome, {kind: 'unknown'});
  const late = await until('the late response', () => seen.late[0]);
  t.like(late, {segment: 0, attempt: 4, outcome: {kind: 'taken', carrierMessageId: '00000001'}});
});

test('comes back after each cut (facts 2.3, reconnect leaves half PDUs)', async t => {
  const {smsc, carrier, seen, sendSegment} = await withAccount(t);
  for (let cut = 1; cut <= 4; cut += 1) {
    smsc.disconnectAll();
    await until('the link to be lost', () => seen.logs.filter(({event}) => event === 'bind.lost').length === cut);
    await untilBound(carrier);
    t.like(await sendSegment('hi'), {kind: 'taken'});
  }
});

test('answers an unbind, leaves and comes back (facts 2.3, unbind from the SMSC)', async t => {
  const {smsc, carrier, seen, sendSegment} = await withAccount(t);
  smsc.unbindAll();
  await until('the link to be gone', () => seen.logs.some(({fields}) => fields.why === 'the SMSC unbound'));
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
});

test('unbinds when stopped, after what is in flight was answered (facts 2.3, deploys drop binds)', async t => {
  const {smsc, carrier, sendSegment} = await withAccount(t, {}, {latencyMs: 50});
  const sent = sendSegment('hi');
  await until('the submission', () => smsc.submits.length === 1);
  await carrier.stop();
  t.like(await sent, {kind: 'taken'});
  t.is(smsc.sessions().length, 0);
  t.is(carrier.window(), 0);
  t.like(await sendSegment('more'), {kind: 'unavailable'});
});

test('a wrong password is told, and not tried again soon (facts 2.3, 0x0E)', async t => {
  const smsc = await openSmsc(t);
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, password: 'wrong', binds: 1});
  await carrier.start();
  const refusal = await until('the refusal', () => seen.logs.find(({event}) => event === 'bind.refused'));
  t.is(refusal.level, 'error');
  t.true(Number(refusal.fields.retryInMs) >= 270_000);
  t.regex(carrier.status().state, /^refused: 0x0000000E Invalid password/);
  t.false(JSON.stringify(seen.logs).includes('wrong'));
});

test('a bind that is refused for now is tried again (facts 2.3, 0x05 already bound)', async t => {
  const smsc = await openSmsc(t);
  smsc.faults.refuseBinds = 0x05;
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1});
  await carrier.start();
  await until('two refusals', () => seen.logs.filter(({event}) => event === 'bind.refused').length >= 2);
  smsc.faults.refuseBinds = undefined;
  await untilBound(carrier);
  t.is(carrier.status().state, 'bound');
});

test('tells since when it is down, however often it was refused meanwhile', async t => {
  const smsc = await openSmsc(t);
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1});
  await carrier.start();
  await untilBound(carrier);
  const refusals = () => seen.logs.filter(({event}) => event === 'bind.refused').length;
  smsc.faults.refuseBinds = 0x0d;
  smsc.disconnectAll();
  await until('a refusal', () => refusals() === 1);
  const {since, links} = carrier.status();
  await until('more refusals', () => refusals() >= 3);
  const later = carrier.status();
  t.is(later.since, since);
  t.is(later.links[0]?.since, links[0]?.since);
  smsc.faults.refuseBinds = undefined;
  await untilBound(carrier);
  t.true(carrier.status().since > since);
});

test('a receiver that is bound is not told as the state of an account whose transmitter is refused', async t => {
  const smsc = await openSmsc(t);
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, bindType: 'pair'});
  await carrier.start();
  await until('both links', () => carrier.status().links.every(({state}) => state === 'bound'));
  smsc.faults.refuseBinds = 0x0d;
  smsc
    .sessions()
    .find(({role}) => role === 'transmitter')
    ?.destroy();
  await until('a refusal', () => seen.logs.some(({event}) => event === 'bind.refused'));
  await until('the state', () => /^refused: 0x0000000D/.test(carrier.status().state));
  t.like(carrier.status(), {usable: false});
  t.true(carrier.status().links.some(({state, detail}) => state === 'bound' && detail === 'receiver'));
});

test('tells when there is room', async t => {
  const ready: number[] = [];
  const smsc = await openSmsc(t);
  const account = openAccount(
    t,
    {host: smsc.host, port: smsc.port, binds: 2, window: 4},
    {
      ready: () => void ready.push(account.carrier.window()),
    },
  );
  await account.carrier.start();
  await untilBound(account.carrier);
  t.is(ready.at(-1), 8);
});

test('shows each link: state, window, response times', async t => {
  const {carrier, sendSegment} = await withAccount(t, {binds: 2});
  await sendSegment('hi');
  const status = carrier.status();
  t.like(status, {name: 'smsc-a', type: 'smpp', state: 'bound', usable: true, window: {size: 20, used: 0}});
  t.like(status.links[0], {name: 'smsc-a/1', state: 'bound', detail: 'transceiver', window: {size: 10, used: 0}});
  t.is(typeof status.links[0]?.responseMs?.p99, 'number');
  const rates = () => carrier.status().links.map(link => link.perSecond ?? 0);
  await until('the rate used', () => rates().includes(1));
  await until('the second to be over', () => rates().every(rate => rate === 0));
});

test('spreads texts over its binds and keeps the segments of one together (facts 2.2, segments back to back)', async t => {
  const {smsc, sendText} = await withAccount(t, {binds: 3, window: 1}, {latencyMs: 10});
  await Promise.all([1, 2, 3].map(number => sendText('x'.repeat(400), {to: `+1415555000${number}`})));
  const links = new Map<string, Set<number>>();
  for (const {destination, session} of smsc.submits) {
    links.set(destination, (links.get(destination) ?? new Set()).add(session));
  }
  t.deepEqual(
    [...links.values()].map(each => each.size),
    [1, 1, 1],
  );
  t.is(new Set(smsc.submits.map(submit => submit.session)).size, 3);
});

test('sends by a transmitter and hears by a receiver (facts 2.1, receipts on another bind)', async t => {
  const {smsc, carrier, seen, sendSegment} = await withAccount(t, {bindType: 'pair'});
  t.deepEqual(
    smsc
      .sessions()
      .map(session => session.role)
      .toSorted(),
    ['receiver', 'transmitter'],
  );
  t.is(carrier.window(), 10);
  t.like(await sendSegment('hi'), {kind: 'taken'});
  await until('the receipt by the other link', () => seen.receipts.length === 1);
  t.is(seen.receipts[0]?.state, 'delivered');
});

test('a receiver takes texts and sends none', async t => {
  const {smsc, carrier, seen, sendSegment} = await withAccount(t, {bindType: 'receiver'});
  t.is(carrier.window(), 0);
  t.like(await sendSegment('hi'), {kind: 'unavailable'});
  t.deepEqual(await smsc.sendFromPhone({from: phone, to: ourNumber, text: 'hello'}), [0]);
  t.is(seen.inbound[0]?.text, 'hello');
});

test('takes the next host when the first is down', async t => {
  const smsc = await openSmsc(t);
  const {carrier, sendSegment} = openAccount(t, {
    hosts: [{host: '127.0.0.1', port: 1}, `${smsc.host}:${smsc.port}`],
    binds: 2,
  });
  await carrier.start();
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
});

test('halves its window while the SMSC is congested, and takes it back step by step (facts 2.2, congestion_state)', async t => {
  const {carrier, smsc, sendSegment} = await withAccount(t, {window: 8});
  smsc.faults.congestion = 90;
  await sendSegment('hi');
  t.is(carrier.window(), 4);
  smsc.faults.congestion = undefined;
  await sendSegment('hi');
  t.is(carrier.window(), 5);
});

test('answers of one moment that tell of congestion slow the account down once', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {window: 10});
  smsc.faults.congestion = 99;
  const outcomes = await Promise.all(Array.from({length: 10}, () => sendSegment('hi')));
  t.is(outcomes.filter(outcome => outcome.kind === 'taken').length, 10);
  t.is(outcomes.filter(outcome => outcome.kind === 'taken' && outcome.isCongested).length, 1);
  t.like(
    seen.logs.filter(({event}) => event === 'smpp.throttled'),
    [{fields: {why: 'congestion_state 99'}}],
  );
});

test('connects from the address it was told', async t => {
  const {smsc, carrier} = await withAccount(t, {localAddress: '127.0.0.1'});
  t.is(smsc.sessions().length, 1);
  t.is(carrier.status().state, 'bound');
});

test('an address it does not have is told, and tried again', async t => {
  const {carrier, seen} = openAccount(t, {host: '127.0.0.1', port: 1, localAddress: '192.0.2.1', binds: 1});
  await carrier.start();
  const failed = await until('the failure', () => seen.logs.find(({event}) => event === 'bind.failed'));
  t.regex(String(failed.fields.why), /EADDRNOTAVAIL|EINVAL|192\.0\.2\.1/);
});

test('refuses what SMPP cannot carry before anything is sent', t => {
  const {carrier} = openAccount(t, {host: 'localhost'});
  const entry = {carrier: 'smsc-a', address: ourNumber, senderMayChange: false, options: {}};
  t.like(carrier.plan(toOutbound('hi', {media: [{url: 'https://example.com/a.png'}]}), entry), {
    kind: 'refused',
    reason: {code: 'MediaTypeNotAllowed'},
  });
  t.like(carrier.plan(toOutbound('hi', {to: 'whatsapp:+14155550123'}), entry), {
    kind: 'refused',
    reason: {code: 'InvalidDestination'},
  });
});
