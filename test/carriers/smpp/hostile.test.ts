import test from 'ava';
import {command, cString, type Header, writeMessage, writePdu} from '../../../src/sandbox/smsc/pdu.ts';
import {createHostileSmsc, type HostileSmsc} from '../../helpers/hostile-smsc.ts';
import {until} from '../../helpers/until.ts';
import {type Account, entry, openAccount, ourNumber, phone, toOutbound, untilBound} from './account.ts';

const nack = command.genericNack;
const bindTransceiver = command.bindTransceiver;
const deliverResponse = (command.deliverSm | 0x80000000) >>> 0;

async function bind(t: Parameters<typeof openAccount>[0], smsc: HostileSmsc, options = {}): Promise<Account> {
  const account = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, ...options});
  await account.carrier.start();
  await untilBound(account.carrier);
  return account;
}

/** The bytes cost the link or not; either way it works again right after. */
const survives = test.macro({
  async exec(t, bytes: Buffer, nackStatus: number | undefined, replaced: boolean) {
    const smsc = await createHostileSmsc(t);
    const {sendSegment, carrier} = await bind(t, smsc, {partialTimeout: '60ms'});
    smsc.peers[0]?.send(bytes);
    if (nackStatus !== undefined) {
      const answer = await until('the generic_nack', () => smsc.frames.find(frame => frame.id === nack));
      t.is(answer.status, nackStatus);
    }
    if (replaced) await until('a new link', () => smsc.count(bindTransceiver) === 2);
    await untilBound(carrier);
    t.like(await sendSegment('hi'), {kind: 'taken'});
    t.is(smsc.count(bindTransceiver), replaced ? 2 : 1);
  },
  title: (what = '') => `lives through ${what}`,
});

const header = (length: number, id: number, sequence = 9) => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(id, 4);
  bytes.writeUInt32BE(sequence, 12);
  return bytes;
};
const deliver = (text: Buffer, esmClass = 0) =>
  writePdu(
    {id: command.deliverSm, status: 0, sequence: 9},
    writeMessage({source: '14155550123', destination: '16504661149', shortMessage: text, esmClass}),
  );

test('a command_length of 0 (facts 4.3, eats four octets a turn)', survives, header(0, 5), 2, true);
test('a command_length of 4 (facts 4.3, waits for ever)', survives, header(4, 5), 2, true);
test('a command_length of 15 (facts 4.3, deaf after a parse error)', survives, header(15, 5), 2, true);
test('an endless PDU', survives, header(0x7fffffff, 5), 2, true);
test('half a PDU and then silence (facts 4.3, EOF in mid-PDU)', survives, header(64, 5), undefined, true);
test(
  'an HTTP answer (facts 2.3, the other end speaks HTTP)',
  survives,
  Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
  2,
  true,
);
test('a TLS alert (facts 2.3)', survives, Buffer.of(0x15, 0x03, 0x01, 0, 2, 2, 40), 2, true);
test('an unknown command (S34 4.3)', survives, header(16, 0x9999), 3, false);
test('a response to nothing', survives, header(16, 0x80000004, 4711), undefined, false);
test('a generic_nack of nothing', survives, header(16, nack, 0), undefined, false);
test('an unbind_resp to nothing', survives, header(16, 0x80000006, 4711), undefined, false);
test('alert_notification', survives, header(16, 0x102), undefined, false);
test('outbind', survives, writePdu({id: 0x0b, status: 0, sequence: 1}, Buffer.from('a\0b\0')), undefined, false);
test(
  'a short_message shorter than it says (facts 2.4, bad length)',
  survives,
  shortened(deliver(Buffer.alloc(50)), 20),
  1,
  false,
);
test(
  'a service_type longer than the standard (facts 2.4, wrong-length strings)',
  survives,
  longService(),
  undefined,
  false,
);

test('binds as version 3.4 with all that the account says (facts 4.3, interface_version)', async t => {
  const smsc = await createHostileSmsc(t);
  await bind(t, smsc, {systemType: 'CP', addressRange: '^1650', addressRangeTon: 1, addressRangeNpi: 1});
  const body = smsc.frames[0]?.frame.subarray(16);
  t.deepEqual(body, Buffer.from('acme\0secret\0CP\0\x34\x01\x01^1650\0', 'latin1'));
});

const answersDataSm = test.macro({
  async exec(t, esmClass: number, payload: string, look: (account: Account) => boolean) {
    const smsc = await createHostileSmsc(t);
    const account = await bind(t, smsc);
    const addresses = Buffer.from('\0\x01\x0114155550123\0\x01\x0116504661149\0', 'latin1');
    const tlv = Buffer.concat([Buffer.of(0x04, 0x24, 0, payload.length), Buffer.from(payload)]);
    const body = Buffer.concat([addresses, Buffer.of(esmClass, 0, 0), tlv]);
    smsc.peers[0]?.send(writePdu({id: command.dataSm, status: 0, sequence: 12}, body));
    const answer = await until('data_sm_resp', () => smsc.frames.find(({id}) => id === 0x80000103));
    t.like(answer, {status: 0, sequence: 12});
    t.true(look(account));
  },
  title: (what = '') => `answers a data_sm that is ${what} (facts 2.1, J#139)`,
});
test('a text', answersDataSm, 0, 'hello', ({seen}) => seen.inbound[0]?.text === 'hello');
test('a receipt', answersDataSm, 4, 'id:7 stat:DELIVRD', ({seen}) => seen.receipts[0]?.carrierMessageId === '7');

test('a response that lost its way comes after its time and is handed in, by the same session only (facts 2.2)', async t => {
  const waiting: Array<() => void> = [];
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm) return false;
    waiting.push(() => peer.reply(frame, 0, cString('77')));
    return true;
  });
  const {carrier, seen, sendSegment} = await bind(t, smsc, {responseTimeout: '60ms'});
  t.like(await sendSegment('one'), {kind: 'unknown'});
  waiting.shift()?.();
  await until('the late answer', () => seen.late.length === 1);
  t.like(await sendSegment('two'), {kind: 'unknown'});
  smsc.peers[0]?.socket.destroy();
  await until('a new link', () => smsc.count(bindTransceiver) === 2);
  await untilBound(carrier);
  smsc.peers[1]?.send(writePdu({id: 0x80000004, status: 0, sequence: 3}, cString('78')));
  await until('the stray answer', () => seen.logs.some(({event}) => event === 'pdu.unexpected'));
  t.is(seen.late.length, 1);
});

const looksUp = test.macro({
  async exec(t, state: number, status: number, expected: object | undefined) {
    const querySm = 0x03;
    const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
      if (frame.id === querySm)
        peer.reply(frame, status, Buffer.from(`77\0\0${String.fromCharCode(state)}\x0b`, 'latin1'));
      return frame.id === querySm;
    });
    const {carrier} = await bind(t, smsc, {querySm: true});
    const found = await carrier.lookUp?.({
      outbound: toOutbound('hi'),
      entry,
      segment: 0,
      attempt: 1,
      startedAt: 0,
      carrierMessageId: '77',
      isClaimed: async () => false,
    });
    if (expected === undefined) t.is(found, undefined);
    else t.like(found, expected);
    const asked = smsc.frames.find(({id}) => id === querySm);
    t.deepEqual(asked?.frame.subarray(16), Buffer.from('77\0\x01\x0116504661149\0', 'latin1'));
  },
  title: (what = '') => `query_sm that says ${what}`,
});
test('delivered is a receipt', looksUp, 2, 0, {carrierMessageId: '77', state: 'delivered', final: true, phone});
test('undeliverable is one with its error', looksUp, 5, 0, {
  state: 'failed',
  reason: {code: 'GeneralError', message: 'UNDELIV, err 11'},
  raw: 'query_sm message_state=5 error_code=11',
});
test('enroute tells nothing for certain', looksUp, 1, 0, undefined);
test('it does not know tells nothing', looksUp, 2, 0x67, undefined);

test('a query_sm that its own end cut off tells nothing, and is to be asked again', async t => {
  const querySm = 0x03;
  const smsc = await createHostileSmsc(t, frame => frame.id === querySm);
  const {carrier} = await bind(t, smsc, {querySm: true, stopGrace: '50ms'});
  const sent = {outbound: toOutbound('hi'), entry, segment: 0, attempt: 1, startedAt: 0, carrierMessageId: '77'};
  const ask = () => carrier.lookUp?.({...sent, isClaimed: async () => false});
  const asked = ask();
  await until('the question', () => smsc.count(querySm) === 1);
  await carrier.stop();
  t.is(await asked, 'busy');
  t.is(await ask(), 'busy');
});

const questions = (account: Account, count: number, startedAt = Date.now()) =>
  Promise.all(
    Array.from({length: count}, async (_, index) =>
      account.carrier.lookUp?.({
        outbound: toOutbound('hi', {messageId: `m${index}`}),
        entry,
        segment: 0,
        attempt: 1,
        startedAt,
        carrierMessageId: `${index}`,
        isClaimed: async () => false,
      }),
    ),
  );

test('more texts than there is room for are all asked about, a few at a time', async t => {
  let open = 0;
  let most = 0;
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== 0x03) return false;
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => {
      open -= 1;
      peer.reply(frame, 0, Buffer.from('77\0\0\x02\0', 'latin1'));
    });
    return true;
  });
  const account = await bind(t, smsc, {querySm: true, window: 2});
  const told = await questions(account, 40);
  t.is(told.filter(each => typeof each === 'object' && each.state === 'delivered').length, 40);
  t.is(smsc.count(0x03), 40);
  t.true(most <= 2);
});

test('who waits behind a question that got no answer is to ask again, and waits no longer', async t => {
  const smsc = await createHostileSmsc(t, ({id}) => id === 0x03);
  const account = await bind(t, smsc, {querySm: true, window: 10, responseTimeout: '50ms'});
  const told = await questions(account, 40);
  t.is(told.filter(each => each === 'busy').length, 35);
  t.is(told.filter(each => each === undefined).length, 5);
  await until('the questions', () => smsc.count(0x03) === 5);
});

const askedAgain = test.macro({
  async exec(t, status: number | undefined, options: {isCut?: boolean; isDown?: boolean} = {}) {
    const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
      if (frame.id !== 0x03) return false;
      if (options.isCut) peer.socket.destroy();
      else peer.reply(frame, status);
      return true;
    });
    const account = await bind(t, smsc, {querySm: true, reconnectFirst: '1h', reconnectMax: '2h'});
    if (options.isDown) {
      smsc.peers[0]?.socket.destroy();
      await until('the link to be down', () => account.carrier.window() === 0);
    }
    t.deepEqual(await questions(account, 1), ['busy']);
    if (options.isDown) t.deepEqual(await questions(account, 1, Date.now() - 8 * 86_400_000), [undefined]);
  },
  title: (what = '') => `what can not be looked up because ${what} is to be asked again`,
});
test('the SMSC says slower', askedAgain, 0x58);
test('the SMSC is not well', askedAgain, 0x08);
test('the link is cut', askedAgain, undefined, {isCut: true});
test('no link is up, for a week at most,', askedAgain, undefined, {isDown: true});

test('no query_sm unless the account says so', async t => {
  const smsc = await createHostileSmsc(t);
  const {carrier} = await bind(t, smsc);
  t.is(carrier.lookUp, undefined);
});

test('tells what the other end speaks', async t => {
  const smsc = await createHostileSmsc(
    t,
    () => true,
    peer => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1});
  await carrier.start();
  const lost = await until('the failure', () => seen.logs.find(({event}) => event === 'bind.failed'));
  t.regex(String(lost.fields.why), /speaks HTTP/);
});

test('a bind that is answered by a generic_nack of status 0 is not told as a success', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== bindTransceiver) return false;
    peer.reply({...frame, id: nack}, 0);
    return true;
  });
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1});
  await carrier.start();
  const refused = await until('the refusal', () => seen.logs.find(({event}) => event === 'bind.refused'));
  t.is(refused.fields.why, '0x00000003 Invalid command ID');
});

test('a port that never answers the bind is left', async t => {
  const smsc = await createHostileSmsc(t, () => true);
  const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, bindTimeout: '50ms'});
  await carrier.start();
  const failed = await until('the failure', () => seen.logs.find(({event}) => event === 'bind.failed'));
  t.regex(String(failed.fields.why), /no answer to the bind/);
  await until('another try', () => smsc.peers.length > 1);
});

test('a link that goes silent is asked, and replaced when it stays so (facts 2.3, half-open TCP)', async t => {
  const smsc = await createHostileSmsc(t, ({id}, _frame, peer) => peer.number === 1 && id !== bindTransceiver);
  const {carrier, seen, sendSegment} = await bind(t, smsc, {
    enquireLink: '30ms',
    enquireLinkTimeout: '50ms',
  });
  const sent = sendSegment('hi');
  t.like(await sent, {kind: 'unknown'});
  await untilBound(carrier);
  t.true(
    seen.logs.some(({fields}) => String(fields.why).startsWith('no answer to enquire_link')),
    JSON.stringify(seen.logs),
  );
  t.like(await sendSegment('again'), {kind: 'taken'});
});

test('a link that answers enquire_link stays', async t => {
  const smsc = await createHostileSmsc(t);
  await bind(t, smsc, {enquireLink: '20ms', enquireLinkTimeout: '2s'});
  await until('four questions', () => smsc.count(command.enquireLink) >= 4);
  t.is(smsc.peers.length, 1);
});

test('a link that answers enquire_link and no submission any more is replaced (facts 0, never deaf)', async t => {
  const smsc = await createHostileSmsc(t, ({id}, _frame, peer) => peer.number === 1 && id === command.submitSm);
  const {carrier, seen, sendSegment} = await bind(t, smsc, {responseTimeout: '50ms'});
  t.like(await sendSegment('one lost answer is no reason'), {kind: 'unknown'});
  t.is(carrier.status().state, 'bound');
  while ((await sendSegment('hi')).kind === 'unknown');
  await until('a new link', () => smsc.peers.length === 2);
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
  t.is(seen.logs.find(({event}) => event === 'bind.lost')?.fields.why, 'the SMSC answers no submission any more');
});

test('a link that loses every other answer stays', async t => {
  let submissions = 0;
  const smsc = await createHostileSmsc(t, ({id}) => {
    if (id !== command.submitSm) return false;
    submissions += 1;
    return submissions % 2 === 1;
  });
  const {sendSegment} = await bind(t, smsc, {responseTimeout: '30ms'});
  for (let text = 1; text <= 10; text += 1) await sendSegment('hi');
  t.is(smsc.peers.length, 1);
});

test('a host that takes each bind and drops it at once is left for the next (facts 2.3)', async t => {
  const first = await createHostileSmsc(t, (header, _frame, peer) => {
    if (header.id !== bindTransceiver) return false;
    peer.reply(header, 0, cString('hostile'));
    peer.socket.end();
    return true;
  });
  const second = await createHostileSmsc(t);
  const places = {host: undefined, hosts: [first, second].map(({port}) => `127.0.0.1:${port}`)};
  const {carrier, sendSegment} = openAccount(t, {binds: 1, ...places});
  await carrier.start();
  await until('the second host', () => second.count(bindTransceiver) === 1);
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
  t.is(first.peers.length, 1);
});

test('one broken node of an SMSC leaves the texts to the binds that work', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm || peer.number !== 1) return false;
    peer.reply(frame, 0x08);
    return true;
  });
  const {seen, sendSegment} = await bind(t, smsc, {binds: 3});
  const kinds: string[] = [];
  for (let text = 1; text <= 40; text += 1) kinds.push((await sendSegment('hi')).kind);
  t.is(kinds.filter(kind => kind === 'unavailable').length, 3, kinds.join(' '));
  t.is(kinds.filter(kind => kind === 'taken').length, 37);
  t.is(seen.logs.filter(({event}) => event === 'bind.ill').length, 1);
});

test('an ill bind counts as no window while another is well, and as its own when it is the last', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm || peer.number !== 1) return false;
    peer.reply(frame, 0x08);
    return true;
  });
  const {carrier, seen, sendSegment} = await bind(t, smsc, {
    binds: 2,
    window: 7,
    reconnectFirst: '1h',
    reconnectMax: '2h',
  });
  while (!seen.logs.some(({event}) => event === 'bind.ill')) await sendSegment('hi');
  t.is(carrier.window(), 7);
  smsc.peers[1]?.socket.destroy();
  await until('the well one to be lost', () => seen.logs.some(({event}) => event === 'bind.lost'));
  t.is(carrier.window(), 7);
  t.like(await sendSegment('hi'), {kind: 'unavailable', detail: {commandStatus: '0x00000008'}});
});

const forgets = test.macro({
  async exec(t, answer: number) {
    const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
      if (frame.id !== command.enquireLink || peer.number > 1) return false;
      peer.reply({...frame, id: answer}, 4);
      return true;
    });
    const {carrier, seen} = await bind(t, smsc, {bindType: 'receiver', enquireLink: '20ms', enquireLinkTimeout: '10s'});
    await until('a new link', () => smsc.count(command.bindReceiver) === 2);
    await untilBound(carrier);
    const lost = seen.logs.find(({event}) => event === 'bind.lost');
    t.regex(String(lost?.fields.why), /says it is not bound: 0x00000004/);
  },
  title: (what = '') =>
    `a link whose enquire_link is answered by ${what} "not bound" is replaced (facts 0, never deaf)`,
});
test('an enquire_link_resp that says', forgets, command.enquireLink);
test('a generic_nack that says', forgets, nack);

test('answers enquire_link with its sequence number, also a reserved one (S34 5.1.4)', async t => {
  const smsc = await createHostileSmsc(t);
  await bind(t, smsc);
  smsc.peers[0]?.send(header(16, command.enquireLink, 0xfffffff0));
  const answer = await until('the answer', () => smsc.frames.find(({id}) => id === 0x80000015));
  t.is(answer.sequence, 0xfffffff0);
});

test('a PDU cut at every octet is one PDU', async t => {
  const smsc = await createHostileSmsc(t);
  const {seen} = await bind(t, smsc);
  const bytes = deliver(Buffer.from('hello'));
  for (const octet of bytes) {
    smsc.peers[0]?.send(Buffer.of(octet));
    await new Promise(resolve => setImmediate(resolve));
  }
  await until('the text', () => seen.inbound.length === 1);
  t.is(seen.inbound[0]?.text, 'hello');
});

test('many PDUs in one write are all answered', async t => {
  const smsc = await createHostileSmsc(t);
  const {seen} = await bind(t, smsc);
  smsc.peers[0]?.send(Buffer.concat(Array.from({length: 300}, () => deliver(Buffer.from('hello')))));
  await until('300 answers', () => smsc.count(deliverResponse) === 300);
  t.is(seen.inbound.length, 300);
});

test('a receipt in the same write as the response it belongs to, and before it', async t => {
  const receipt = deliver(Buffer.from('id:77 stat:DELIVRD err:000'), 4);
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm) return false;
    const response = writePdu({id: 0x80000004, status: 0, sequence: frame.sequence}, cString('77'));
    peer.send(Buffer.concat([receipt, response]));
    return true;
  });
  const {seen, sendSegment} = await bind(t, smsc);
  t.like(await sendSegment('hi'), {kind: 'taken', carrierMessageId: '77'});
  await until('the receipt', () => seen.receipts.length === 1);
  t.like(seen.receipts[0], {carrierMessageId: '77', state: 'delivered'});
});

test('a response of another kind makes the segment unknown', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id === command.submitSm) peer.reply({...frame, id: command.dataSm});
    return frame.id === command.submitSm;
  });
  const {sendSegment} = await bind(t, smsc);
  t.like(await sendSegment('hi'), {kind: 'unknown'});
});

test('a generic_nack for a submission: it certainly was not taken', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id === command.submitSm) peer.reply({...frame, id: nack}, 3);
    return frame.id === command.submitSm;
  });
  const {sendSegment} = await bind(t, smsc);
  t.like(await sendSegment('hi'), {kind: 'unavailable', scope: 'message'});
});

test('a response without a body or an id is still a yes', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id === command.submitSm) peer.reply(frame);
    return frame.id === command.submitSm;
  });
  const {sendSegment} = await bind(t, smsc);
  const outcome = await sendSegment('hi');
  t.is(outcome.kind, 'taken');
  t.false('carrierMessageId' in outcome);
});

test('ids and addresses that no index has room for are cut, in answers and receipts alike', async t => {
  const id = Array.from({length: 3000}, (_, index) => index.toString(36)).join('');
  const head = id.slice(0, 255);
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id === command.submitSm) peer.reply(frame, 0, cString(id));
    return frame.id === command.submitSm;
  });
  const {seen, sendSegment} = await bind(t, smsc);
  t.like(await sendSegment('hi'), {kind: 'taken', carrierMessageId: head});
  const receiptTlvs = Buffer.concat([Buffer.of(0x00, 0x1e), toOctets(id.length), Buffer.from(id)]);
  smsc.peers[0]?.send(deliverFrom(phone.slice(1), {esmClass: 4, more: receiptTlvs}));
  smsc.peers[0]?.send(deliverFrom(id, {}));
  smsc.peers[0]?.send(deliverFrom(id, {esmClass: 0x40, body: Buffer.of(5, 0, 3, 7, 2, 1, 97)}));
  await until('all three', () => seen.receipts.length + seen.inbound.length + seen.parts.length === 3);
  t.is(seen.receipts[0]?.carrierMessageId, head);
  t.is(seen.inbound[0]?.from, head);
  t.true((seen.parts[0]?.group.length ?? 0) < 600);
});

function toOctets(length: number): Buffer {
  return Buffer.of(length >> 8, length & 0xff);
}

function deliverFrom(source: string, {esmClass = 0, body = Buffer.from('hello'), more = Buffer.alloc(0)}): Buffer {
  const addresses = Buffer.from(`\0\x01\x01${source}\0\x01\x01${ourNumber.slice(1)}\0`, 'latin1');
  const rest = Buffer.of(esmClass, 0, 0, 0, 0, 0, 0, 0, 0, body.length);
  return writePdu({id: command.deliverSm, status: 0, sequence: 12}, Buffer.concat([addresses, rest, body, more]));
}

test('an answer that the link is not bound replaces it', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm || peer.number > 1) return false;
    peer.reply(frame, 4);
    return true;
  });
  const {carrier, sendSegment} = await bind(t, smsc);
  t.like(await sendSegment('hi'), {kind: 'unavailable'});
  await until('a new link', () => smsc.count(bindTransceiver) === 2);
  await untilBound(carrier);
  t.like(await sendSegment('hi'), {kind: 'taken'});
});

test('what is in flight when the SMSC says that the link is not bound still gets its answers', async t => {
  const submitted: Header[] = [];
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id === command.submitSm && peer.number === 1) submitted.push(frame);
    return frame.id === command.submitSm && peer.number === 1;
  });
  const {carrier, seen, sendSegment} = await bind(t, smsc);
  const sent = ['one', 'two', 'three'].map(text => sendSegment(text));
  await until('three submissions', () => submitted.length === 3);
  const answer = (index: number, status: number) =>
    smsc.peers[0]?.reply(submitted[index] as Header, status, status === 0 ? cString('77') : undefined);
  answer(0, 4);
  t.like(await sent[0], {kind: 'unavailable'});
  t.is(carrier.window(), 0, 'it takes no more');
  answer(1, 4);
  answer(2, 0);
  t.like(await sent[1], {kind: 'unavailable'});
  t.like(await sent[2], {kind: 'taken', carrierMessageId: '77'});
  await until('a new link', () => smsc.count(bindTransceiver) === 2);
  const lost = seen.logs.find(({event}) => event === 'bind.lost');
  t.regex(String(lost?.fields.why), /says it is not bound: 0x00000004/);
});

test('what waits for room when the SMSC says that the link is not bound certainly did not leave', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm || peer.number > 1) return false;
    peer.reply(frame, 4);
    return true;
  });
  const {sendSegment} = await bind(t, smsc, {window: 1});
  const outcomes = await Promise.all(['one', 'two', 'three'].map(text => sendSegment(text)));
  t.deepEqual(new Set(outcomes.map(({kind}) => kind)), new Set(['unavailable']));
  t.is(smsc.count(command.submitSm), 1);
});

test('what is given to a link that the SMSC has closed never left', async t => {
  const smsc = await createHostileSmsc(t, ({id}) => id === command.submitSm);
  const {seen, sendSegment} = await bind(t, smsc, {window: 1000});
  smsc.peers[0]?.socket.end();
  const sent: Array<ReturnType<typeof sendSegment>> = [];
  while (!seen.logs.some(({event}) => event === 'bind.lost')) {
    sent.push(sendSegment('hi'));
    await new Promise(resolve => setImmediate(resolve));
  }
  const unknown = (await Promise.all(sent)).filter(({kind}) => kind === 'unknown');
  t.is(unknown.length, smsc.count(command.submitSm));
});

test('what waits for room when the stream is lost never leaves by it', async t => {
  const smsc = await createHostileSmsc(t, (frame, _bytes, peer) => {
    if (frame.id !== command.submitSm || peer.number > 1) return false;
    const response = writePdu({id: 0x80000004, status: 0, sequence: frame.sequence}, cString('77'));
    peer.send(Buffer.concat([response, header(0, 5)]));
    return true;
  });
  const {sendSegment} = await bind(t, smsc, {window: 1});
  const outcomes = await Promise.all(['one', 'two', 'three'].map(text => sendSegment(text)));
  t.deepEqual(
    outcomes.map(({kind}) => kind),
    ['taken', 'unavailable', 'unavailable'],
  );
  t.is(smsc.count(command.submitSm), 1);
});

test('an SMSC that stops reading fills no memory; what never left is unavailable, the rest unknown', async t => {
  const smsc = await createHostileSmsc(t, ({id}, _frame, peer) => {
    if (id === command.submitSm) peer.socket.pause();
    return id === command.submitSm;
  });
  const {sendSegment} = await bind(t, smsc, {concatenation: 'payload', maxSegments: 255, window: 1000});
  const text = 'x'.repeat(30_000);
  const sent = Array.from({length: 600}, () => sendSegment(text));
  await until('the first submission', () => smsc.count(command.submitSm) > 0);
  await until('the socket to be full', () => smsc.peers[0]?.socket.isPaused());
  smsc.peers[0]?.socket.resetAndDestroy();
  const kinds = (await Promise.all(sent)).map(({kind}) => kind);
  t.true(kinds.includes('unknown'));
  t.true(kinds.includes('unavailable'));
  t.deepEqual(new Set(kinds), new Set(['unknown', 'unavailable']));
});

test('what waits for room when it stops comes back as it was', async t => {
  const smsc = await createHostileSmsc(t, frame => frame.id === command.submitSm);
  const {carrier, sendSegment} = await bind(t, smsc, {window: 1, stopGrace: '50ms'});
  const sent = sendSegment('one');
  await until('the first', () => smsc.count(command.submitSm) === 1);
  const waiting = sendSegment('two');
  await carrier.stop();
  t.like(await waiting, {kind: 'unavailable', scope: 'throttled'});
  t.like(await sent, {kind: 'unknown'});
  t.is(smsc.count(command.submitSm), 1);
});

test('an SMSC that stops answering while it unbinds does not hold the gateway', async t => {
  const smsc = await createHostileSmsc(t, ({id}) => id === command.unbind || id === command.submitSm);
  const {carrier, sendSegment} = await bind(t, smsc, {stopGrace: '50ms'});
  const sent = sendSegment('hi');
  await until('the submission', () => smsc.count(command.submitSm) === 1);
  await carrier.stop();
  t.like(await sent, {kind: 'unknown'});
});

test('what it could not store it asks for again (facts 2.1, answer OK only when durable)', async t => {
  const smsc = await createHostileSmsc(t);
  const account = openAccount(
    t,
    {host: smsc.host, port: smsc.port, binds: 1},
    {inbound: () => Promise.reject(new Error('disk full'))},
  );
  await account.carrier.start();
  await untilBound(account.carrier);
  smsc.peers[0]?.send(deliver(Buffer.from('hello')));
  const answer = await until('the answer', () => smsc.frames.find(({id}) => id === deliverResponse));
  t.is(answer.status, 0x64);
  t.false(JSON.stringify(account.seen.logs).includes('hello'));
});

test('above its bound it asks for more later, and still answers (facts 2.1, slow deliver_sm_resp)', async t => {
  const smsc = await createHostileSmsc(t);
  const gate = Promise.withResolvers<void>();
  const account = openAccount(
    t,
    {host: smsc.host, port: smsc.port, binds: 1, inboundWindow: 2},
    {inbound: () => gate.promise.then(() => 'stored' as const)},
  );
  await account.carrier.start();
  await untilBound(account.carrier);
  smsc.peers[0]?.send(Buffer.concat([1, 2, 3].map(() => deliver(Buffer.from('hello')))));
  const first = await until('the first answer', () => smsc.frames.find(({id}) => id === deliverResponse));
  t.is(first.status, 0x64);
  gate.resolve();
  await until('the other answers', () => smsc.count(deliverResponse) === 3);
  t.deepEqual(
    smsc.frames.filter(({id}) => id === deliverResponse).map(({status}) => status),
    [0x64, 0, 0],
  );
});

test('a text is answered, and after some seconds on a living link told to be', async t => {
  const smsc = await createHostileSmsc(t);
  const {seen} = await bind(t, smsc);
  smsc.peers[0]?.send(deliver(Buffer.from('hello')));
  await until('the word that it was answered', () => seen.answered.length === 1);
  t.is(seen.answered[0], seen.inbound[0]?.fingerprint);
});

test('a text whose answer may not have left is not told to be answered', async t => {
  const smsc = await createHostileSmsc(t);
  const {carrier, seen} = await bind(t, smsc);
  smsc.peers[0]?.send(deliver(Buffer.from('one')));
  await until('the answer', () => smsc.count(deliverResponse) === 1);
  smsc.peers[0]?.socket.destroy();
  await until('a new link', () => smsc.count(bindTransceiver) === 2);
  await untilBound(carrier);
  smsc.peers[1]?.send(deliver(Buffer.from('two')));
  await until('the word about the second', () => seen.answered.length > 0);
  t.deepEqual(seen.answered, [seen.inbound[1]?.fingerprint]);
});

test('keeps to the addresses: a receipt names its phone, a text both ends', async t => {
  const smsc = await createHostileSmsc(t);
  const {seen} = await bind(t, smsc);
  smsc.peers[0]?.send(deliver(Buffer.from('hello')));
  await until('the text', () => seen.inbound.length === 1);
  t.like(seen.inbound[0], {from: phone, to: ourNumber, text: 'hello', media: []});
});

function shortened(pdu: Buffer, octets: number): Buffer {
  const bytes = Buffer.from(pdu.subarray(0, pdu.length - octets));
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}

function longService(): Buffer {
  return writePdu(
    {id: command.deliverSm, status: 0, sequence: 9},
    writeMessage({serviceType: 'LONGNAME', source: '14155550123', destination: '16504661149'}),
  );
}
