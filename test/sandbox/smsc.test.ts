import {connect, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import smpp from 'smpp';
import {createPretendSmsc, type PretendSmscOptions} from '../../src/sandbox/smsc.ts';
import {until} from '../helpers/until.ts';

/** Spoken to with the `smpp` package, so that the two codecs check each other. */
type Pdu = InstanceType<typeof smpp.PDU>;

/** The package would decode texts by its own mind. */
delete smpp.commands.deliver_sm?.params?.short_message?.filter;

interface Client {
  socket: Socket;
  pdus: Pdu[];
  send(command: string, fields?: Record<string, unknown>): void;
  ask(command: string, fields?: Record<string, unknown>): Promise<Pdu>;
}

async function open(t: ExecutionContext, options: Partial<PretendSmscOptions> = {}) {
  const smsc = await createPretendSmsc({systemId: 'acme', password: 'secret', ...options});
  t.teardown(() => smsc.stop());
  return smsc;
}

function client(t: ExecutionContext, port: number): Client {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => void socket.destroy());
  const pdus: Pdu[] = [];
  let rest = Buffer.alloc(0);
  let sequence = 0;
  socket.on('error', () => {});
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readUInt32BE(0)) {
      const length = rest.readUInt32BE(0);
      const pdu = new smpp.PDU(rest.subarray(0, length));
      rest = rest.subarray(length);
      pdus.push(pdu);
      if (pdu.command === 'deliver_sm') write('deliver_sm_resp', {sequence_number: pdu.sequence_number});
    }
  });
  return {socket, pdus, send, ask};

  function write(command: string, fields: Record<string, unknown>): void {
    socket.write(new smpp.PDU(command, fields).toBuffer());
  }
  function send(command: string, fields: Record<string, unknown> = {}): void {
    sequence += 1;
    write(command, {...fields, sequence_number: sequence});
  }
  async function ask(command: string, fields: Record<string, unknown> = {}): Promise<Pdu> {
    send(command, fields);
    const wanted = sequence;
    return until(`the answer to ${command}`, () =>
      pdus.find(pdu => pdu.sequence_number === wanted && pdu.command_id >= 0x80000000),
    );
  }
}

async function bound(t: ExecutionContext, port: number, command = 'bind_transceiver'): Promise<Client> {
  const esme = client(t, port);
  const answer = await esme.ask(command, {system_id: 'acme', password: 'secret'});
  t.is(answer.command_status, 0);
  return esme;
}

const text = (words: string) => ({
  source_addr: '16504661149',
  destination_addr: '14155550123',
  data_coding: 0,
  registered_delivery: 1,
  short_message: Buffer.from(words),
});

test('lets in who has the password, and tells others why not', async t => {
  const smsc = await open(t);
  await bound(t, smsc.port);
  t.is((await client(t, smsc.port).ask('bind_transceiver', {system_id: 'acme', password: 'no'})).command_status, 0x0e);
  t.is((await client(t, smsc.port).ask('bind_transmitter', {system_id: 'who', password: 'no'})).command_status, 0x0f);
  t.is(smsc.sessions().length, 1);
});

test('takes a text, answers with an id, sends a receipt with it', async t => {
  const smsc = await open(t);
  const esme = await bound(t, smsc.port);
  const answer = await esme.ask('submit_sm', text('hello'));
  t.is(answer.message_id, '00000001');
  const receipt = await until('the receipt', () => esme.pdus.find(pdu => pdu.command === 'deliver_sm'));
  t.is(receipt.esm_class, 4);
  t.is(receipt.source_addr, '14155550123');
  t.regex(String(receipt.short_message), /id:00000001.*stat:DELIVRD/);
  t.like(smsc.submits[0], {source: '16504661149', destination: '14155550123', text: 'hello', messageId: '00000001'});
});

test('shows on the phone what came in parts, whatever their order', async t => {
  const smsc = await open(t);
  const esme = await bound(t, smsc.port);
  const part = (number: number, words: string) => ({
    ...text(words),
    esm_class: 0x40,
    short_message: Buffer.concat([Buffer.of(5, 0, 3, 9, 2, number), Buffer.from(words)]),
  });
  await esme.ask('submit_sm', part(2, 'world'));
  t.is(smsc.phones.length, 0);
  await esme.ask('submit_sm', part(1, 'hello '));
  t.deepEqual(
    smsc.phones.map(phone => phone.text),
    ['hello world'],
  );
});

test('does wrong what it is told to', async t => {
  const smsc = await open(t);
  const esme = await bound(t, smsc.port);
  smsc.faults.next.push({status: 0x58}, {pass: true});
  t.is((await esme.ask('submit_sm', text('a'))).command_status, 0x58);
  t.is((await esme.ask('submit_sm', text('a'))).command_status, 0);
  t.is(smsc.phones.length, 1);
  smsc.faults.throttleEvery = 1;
  t.is((await esme.ask('submit_sm', text('a'))).command_status, 0x58);
  smsc.faults.throttleEvery = 0;
  smsc.faults.next.push({silent: true}, {cut: true});
  esme.send('submit_sm', text('b'));
  esme.send('submit_sm', text('c'));
  await until('the cut', () => esme.socket.destroyed);
  t.deepEqual(
    smsc.phones.map(phone => phone.text),
    ['a', 'b', 'c'],
  );
});

test('writes ids of receipts as it is told, early and twice', async t => {
  const smsc = await open(t, {newMessageId: () => 'ab12'});
  const esme = await bound(t, smsc.port);
  Object.assign(smsc.faults.receipts, {early: true, doubled: true, notation: 'decimal'});
  await esme.ask('submit_sm', text('hello'));
  await until('two receipts', () => esme.pdus.filter(pdu => pdu.command === 'deliver_sm').length === 2);
  t.deepEqual(
    esme.pdus.map(pdu => pdu.command).filter(command => command !== 'bind_transceiver_resp'),
    ['deliver_sm', 'deliver_sm', 'submit_sm_resp'],
  );
  t.regex(String(esme.pdus.find(pdu => pdu.command === 'deliver_sm')?.short_message), /^id:43794 /);
});

test('keeps for the next link what was not answered', async t => {
  const smsc = await open(t);
  const sent = smsc.sendFromPhone({from: '+14155550123', to: '+16504661149', text: 'hello'});
  const esme = await bound(t, smsc.port, 'bind_receiver');
  t.deepEqual(await sent, [0]);
  t.is(String(esme.pdus.find(pdu => pdu.command === 'deliver_sm')?.short_message), 'hello');
});

test('sends a long text from a phone in parts that join', async t => {
  const smsc = await open(t);
  const esme = await bound(t, smsc.port);
  t.deepEqual(await smsc.sendFromPhone({from: '+1415', to: '+1650', text: 'ж'.repeat(71), reference: 5}), [0, 0]);
  const parts = esme.pdus.filter(pdu => pdu.command === 'deliver_sm').map(pdu => pdu.short_message as Buffer);
  t.deepEqual(
    parts.map(part => [...part.subarray(0, 6)]),
    [
      [5, 0, 3, 5, 2, 1],
      [5, 0, 3, 5, 2, 2],
    ],
  );
  t.is(
    Buffer.concat(parts.map(part => part.subarray(6)))
      .swap16()
      .toString('utf16le'),
    'ж'.repeat(71),
  );
});

test('asks whether a link lives, and says good-bye', async t => {
  const smsc = await open(t);
  const esme = await bound(t, smsc.port);
  t.is((await esme.ask('enquire_link')).command, 'enquire_link_resp');
  smsc.unbindAll();
  await until('the unbind', () => esme.pdus.some(pdu => pdu.command === 'unbind'));
  t.is((await esme.ask('unbind')).command, 'unbind_resp');
  await until('the end', () => smsc.sessions().length === 0);
});
