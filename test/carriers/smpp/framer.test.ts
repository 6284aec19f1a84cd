import test from 'ava';
import fc from 'fast-check';
import {decodePdu, encodePdu, maxPduLength, UnreadablePdu} from '../../../src/carriers/smpp/codec.ts';
import {createFramer} from '../../../src/carriers/smpp/framer.ts';
import {bodyOf, readInbound} from '../../../src/carriers/smpp/inbound.ts';
import {looksLikeReceipt, readReceipt} from '../../../src/carriers/smpp/receipt/read.ts';

const commands = ['enquire_link', 'deliver_sm', 'submit_sm_resp', 'unbind', 'data_sm'];
const pdu = fc
  .record({command: fc.constantFrom(...commands), sequence: fc.integer({min: 1, max: 0x7fffffff})})
  .map(({command, sequence}) => encodePdu(command, sequence));

test('cuts any stream of PDUs the same, wherever it is cut', t => {
  fc.assert(
    fc.property(fc.array(pdu, {maxLength: 20}), fc.array(fc.nat(600), {maxLength: 30}), (pdus, cuts) => {
      const stream = Buffer.concat(pdus);
      const framer = createFramer(maxPduLength);
      const frames: Buffer[] = [];
      const places = [
        0,
        ...cuts.filter(cut => cut < stream.length).toSorted((left, right) => left - right),
        stream.length,
      ];
      for (const [index, place] of places.entries()) {
        if (index === 0) continue;
        const {frames: more, fault} = framer.push(stream.subarray(places[index - 1], place));
        t.is(fault, undefined);
        frames.push(...more);
      }
      t.deepEqual(Buffer.concat(frames), stream);
      t.is(frames.length, pdus.length);
      t.false(framer.isPartial());
    }),
    {numRuns: 200},
  );
});

test('any octets are frames, a fault, or the beginning of a frame', t => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({maxLength: 80}), {maxLength: 10}), chunks => {
      const framer = createFramer(maxPduLength);
      for (const chunk of chunks) {
        const {frames, fault} = framer.push(Buffer.from(chunk));
        t.true(frames.every(frame => frame.length >= 16 && frame.length === frame.readUInt32BE(0)));
        if (fault !== undefined) return;
      }
      t.pass();
    }),
    {numRuns: 500},
  );
});

/** A header of a known command before any octets: the most that can reach the decoder. */
const anyPdu = fc
  .record({
    id: fc.constantFrom(0x05, 0x103, 0x80000004, 0x80000009, 0x0b, 0x102, 0x80000000, 0x21, 0x111, 0x80000003, 0x4242),
    status: fc.constantFrom(0, 8),
    body: fc.uint8Array({maxLength: 400}),
  })
  .map(({id, status, body}) => {
    const bytes = Buffer.concat([Buffer.alloc(16), body]);
    bytes.writeUInt32BE(bytes.length, 0);
    bytes.writeUInt32BE(id, 4);
    bytes.writeUInt32BE(status, 8);
    bytes.writeUInt32BE(1, 12);
    return bytes;
  });

test('any PDU is read or told to be unreadable, and its text is a text', t => {
  const rules = {charsets: [], ucs2LittleEndian: false, packed: false};
  fc.assert(
    fc.property(anyPdu, bytes => {
      const read = tryRead(bytes);
      if (read === undefined) return t.pass();
      const {fields} = read;
      const reading = readInbound(fields, {account: 'a', plusPrefix: undefined, rules, receivedAt: 0});
      t.is(typeof reading.event.fingerprint, 'string');
      if (reading.kind === 'whole') t.true(reading.event.text.isWellFormed());
      t.is(typeof readReceipt(fields, bodyOf(fields)).stat, 'string');
      t.is(typeof looksLikeReceipt(fields, bodyOf(fields)), 'boolean');
    }),
    {numRuns: 2000},
  );
});

test('reads back what it wrote', t => {
  const bytes = encodePdu('submit_sm', 5, {
    source_addr: 'a',
    short_message: Buffer.from('hi'),
    message_payload: Buffer.of(1),
  });
  const {command, sequence, fields} = decodePdu(bytes);
  t.is(command, 'submit_sm');
  t.is(sequence, 5);
  t.like(fields, {source_addr: 'a', short_message: Buffer.from('hi'), message_payload: Buffer.of(1)});
});

test('a TLV without its NUL does not swallow the next one (facts 4.3)', t => {
  const plain = encodePdu('deliver_sm', 1);
  const tlvs = Buffer.from('001e0004414243440427000102', 'hex');
  const bytes = Buffer.concat([plain, tlvs]);
  bytes.writeUInt32BE(bytes.length, 0);
  const reading = readReceipt(decodePdu(bytes).fields, Buffer.alloc(0));
  t.deepEqual(reading.ids, ['ABCD']);
  t.is(reading.stat, 'DELIVRD');
});

function tryRead(bytes: Buffer) {
  try {
    return decodePdu(bytes);
  } catch (error) {
    if (error instanceof UnreadablePdu) return undefined;
    throw error;
  }
}
