import {createRequire} from 'node:module';
import test from 'ava';
import fc from 'fast-check';
import smpp from 'smpp';
import {decodePdu, encodePdu} from '../../../src/carriers/smpp/codec.ts';
import {decodeDeliver} from '../../../src/carriers/smpp/hot-codec.ts';

const ascii = (maxLength: number) => fc.string({unit: 'grapheme-ascii', maxLength});
const octet = fc.nat(255);
const bytes = (maxLength: number) => fc.uint8Array({maxLength}).map(each => Buffer.from(each));

const fields = fc.record({
  service_type: ascii(5),
  source_addr_ton: octet,
  source_addr_npi: octet,
  source_addr: ascii(20),
  dest_addr_ton: octet,
  dest_addr_npi: octet,
  destination_addr: ascii(20),
  esm_class: octet,
  protocol_id: octet,
  priority_flag: octet,
  validity_period: ascii(16),
  registered_delivery: octet,
  data_coding: octet,
  short_message: bytes(254),
});
const tlvs = fc.record(
  {message_payload: bytes(1000), user_message_reference: bytes(2), sar_msg_ref_num: bytes(2), source_port: bytes(4)},
  {requiredKeys: []},
);

test('writes the octets of submit_sm that the library writes', t => {
  fc.assert(
    fc.property(fields, tlvs, fc.integer({min: 1, max: 0x7fffffff}), (mandatory, optional, sequence_number) => {
      const all = {...mandatory, ...optional};
      const theirs = new smpp.PDU('submit_sm', {...all, sequence_number}).toBuffer();
      t.deepEqual(encodePdu('submit_sm', sequence_number, all), theirs);
    }),
    {numRuns: 300},
  );
});

test('leaves absent fields empty', t => {
  const theirs = new smpp.PDU('submit_sm', {data_coding: 0, sequence_number: 1}).toBuffer();
  t.deepEqual(encodePdu('submit_sm', 1), theirs);
});

test('answers deliver_sm with the octets of the library', t => {
  for (const command_status of [0, 0x64]) {
    const theirs = new smpp.PDU('deliver_sm_resp', {command_status, sequence_number: 7}).toBuffer();
    t.deepEqual(encodePdu('deliver_sm_resp', 7, {}, command_status), theirs);
  }
});

const reads = test.macro({
  exec(t, status: number, body: string, expected: object) {
    const pdu = Buffer.concat([Buffer.alloc(16), Buffer.from(body, 'hex')]);
    pdu.writeUInt32BE(pdu.length, 0);
    pdu.writeUInt32BE(0x80000004, 4);
    pdu.writeUInt32BE(status, 8);
    pdu.writeUInt32BE(9, 12);
    const {command, status: read, sequence, fields: found} = decodePdu(pdu);
    t.deepEqual({command, status: read, sequence}, {command: 'submit_sm_resp', status, sequence: 9});
    t.like(found, expected);
  },
  title: (what = '') => `reads a submit_sm_resp ${what}`,
});
test('with an id', reads, 0, '61626300', {message_id: 'abc'});
test('with an empty id', reads, 0, '00', {message_id: ''});
test('without a body', reads, 0, '', {message_id: undefined});
test('with an id without NUL', reads, 0, '616263', {message_id: 'abc'});
test('with TLVs', reads, 0, '61000428000163', {message_id: 'a', congestion_state: Buffer.of(0x63)});
test('that refuses', reads, 8, '61626300', {message_id: 'abc'});

const deliverTlvs = fc.record(
  {receipted_message_id: bytes(20), message_state: bytes(1), message_payload: bytes(300), network_error_code: bytes(3)},
  {requiredKeys: []},
);

/** The library's own header fields and its command apart. */
function readByLibrary(pdu: Buffer): Record<string, unknown> {
  const {command, command_id, command_length, command_status, sequence_number, ...found} = new smpp.PDU(pdu);
  return found;
}

test('reads of deliver_sm what the library reads', t => {
  fc.assert(
    fc.property(fields, deliverTlvs, fc.integer({min: 1, max: 0x7fffffff}), (mandatory, optional, sequence_number) => {
      const pdu = new smpp.PDU('deliver_sm', {...mandatory, ...optional, sequence_number}).toBuffer();
      const {command, status, sequence, fields: found} = decodePdu(pdu);
      t.deepEqual({command, status, sequence}, {command: 'deliver_sm', status: 0, sequence: sequence_number});
      t.deepEqual(decodeDeliver(pdu), found);
      t.deepEqual({...found}, readByLibrary(pdu));
    }),
    {numRuns: 300},
  );
});

test('reads what is no rightly made deliver_sm as the library does, or leaves it to the library', t => {
  fc.assert(
    fc.property(fields, deliverTlvs, fc.nat(400), fc.nat(400), octet, (mandatory, optional, cut, at, wrong) => {
      const whole = new smpp.PDU('deliver_sm', {...mandatory, ...optional}).toBuffer();
      const pdu = Buffer.from(whole.subarray(0, Math.max(16, whole.length - cut)));
      if (16 + at < pdu.length) pdu[16 + at] = wrong;
      pdu.writeUInt32BE(pdu.length, 0);
      const found = decodeDeliver(pdu);
      if (found !== undefined) t.deepEqual(found, readByLibrary(pdu));
    }),
    {numRuns: 1000},
  );
});

const leaves = test.macro({
  exec(t, body: string) {
    const pdu = Buffer.concat([Buffer.alloc(16), Buffer.from(body.replaceAll(' ', ''), 'hex')]);
    pdu.writeUInt32BE(pdu.length, 0);
    pdu.writeUInt32BE(0x05, 4);
    t.is(decodeDeliver(pdu), undefined);
  },
  title: (what = '') => `leaves a deliver_sm ${what} to the library`,
});
test('without a body', leaves, '');
test('cut inside an address', leaves, '00 0101 3134');
test('that claims more text than there is', leaves, '00 010100 010100 040000 00 00 01000000 05 6162');
test('with a TLV nobody knows', leaves, '00 010100 010100 040000 00 00 01000000 00 1777 0001 61');
test('with a TLV longer than the rest', leaves, '00 010100 010100 040000 00 00 01000000 00 0427 0005 61');

test('the library is the one version this was written against', t => {
  const {version} = createRequire(import.meta.url)('smpp/package.json') as {version: string};
  t.is(version, '0.6.0-rc.4');
});
