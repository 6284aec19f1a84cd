import {createRequire} from 'node:module';
import test from 'ava';
import fc from 'fast-check';
import smpp from 'smpp';
import {decodePdu, encodePdu} from '../../../src/carriers/smpp/codec.ts';

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

test('the library is the one version this was written against', t => {
  const {version} = createRequire(import.meta.url)('smpp/package.json') as {version: string};
  t.is(version, '0.6.0-rc.4');
});
