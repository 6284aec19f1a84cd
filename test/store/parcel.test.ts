import test from 'ava';
import fc from 'fast-check';
import {pack, unpack} from '../../src/store/sqlite/parcel.ts';
import type {Call} from '../../src/store/sqlite/protocol.ts';

const argument = fc.oneof(
  fc.record({raw: fc.string({unit: 'binary'}), id: fc.string()}),
  fc.record({raw: fc.string(), other: fc.constant(1)}),
  fc.record({id: fc.string()}),
  fc.string(),
  fc.constant(null),
  fc.constant(1),
  fc.constant([1, 'raw']),
);
const call: fc.Arbitrary<Call> = fc.tuple(fc.string(), fc.array(argument, {maxLength: 3}));

test('every call arrives as it was made, whatever webhooks it and the others bring', t => {
  fc.assert(
    fc.property(fc.array(call, {maxLength: 20}), calls => {
      const request = {kind: 'group', now: 1, calls, rooms: []} as const;
      t.deepEqual(unpack(structuredClone(pack({...request, calls}))), {...request, calls});
    }),
  );
});

test('a webhook crosses as it is, beside the JSON', t => {
  const [json, raw] = pack({
    kind: 'group',
    now: 1,
    rooms: [],
    calls: [['acceptOutbound', [{raw: '{"a":"b"}', priority: 'bulk'}]]],
  });
  t.is(raw, '{"a":"b"}');
  t.false(json.includes('a\\"'));
});
