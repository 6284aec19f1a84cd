import test from 'ava';
import {smppOptions} from '../../../src/carriers/smpp/options/schema.ts';
import {toSettings} from '../../../src/carriers/smpp/settings.ts';
import {isCredentialsRefusal, toSubmitOutcome} from '../../../src/carriers/smpp/status.ts';
import {defaultCodeMapping} from '../../../src/carriers/smpp/status-defaults.ts';

const is = test.macro({
  exec(t, codes: number[], generic: string, outcome: string) {
    for (const code of codes) {
      const entry = defaultCodeMapping[code];
      if (generic !== '') t.is(`${entry?.genericErrorCode} ${entry?.genericErrorCause}`, generic, String(code));
      const {kind, scope} = toSubmitOutcome(code, defaultCodeMapping);
      t.is(`${kind} ${scope}`, outcome, String(code));
    }
  },
  title: (_, codes: number[], __, outcome) =>
    `${codes.map(code => `0x${code.toString(16).toUpperCase()}`).join(', ')}: ${outcome} (facts 3.7)`,
});

test(is, [0x01, 0x02, 0x03], '3 MESSAGE_DATA_INVALID', 'refused message');
test(is, [0x04, 0x05], '2 OTHER_TEMPORARY_FAILURE', 'unavailable message');
test(is, [0x06], '3 PRIORITY_INVALID', 'refused message');
test(is, [0x07], '3 MESSAGE_DATA_INVALID', 'refused message');
test(is, [0x08], '2 OTHER_TEMPORARY_FAILURE', 'unavailable message');
test(is, [0x0a], '3 SOURCE_ADDR_INVALID', 'refused account');
test(is, [0x0b], '3 DEST_ADDR_INVALID', 'refused message');
test(is, [0x0c], '3 MESSAGE_ID_INVALID', 'refused message');
test(is, [0x0d], '2 OTHER_TEMPORARY_FAILURE', 'unavailable message');
test(is, [0x0e, 0x0f], '2 AUTHENTICATION_FAILED', 'unavailable message');
test(is, [0x11, 0x13], '3 OTHER_PERMANENT_FAILURE', 'refused message');
test(is, [0x14], '2 CARRIER_CONGESTED', 'unavailable throttled');
test(is, [0x15], '3 OTHER_PERMANENT_FAILURE', 'refused account');
test(is, [0x33, 0x34, 0x40, 0x44], '3 DEST_ADDR_INVALID', 'refused message');
test(is, [0x42, 0x43], '3 MESSAGE_DATA_INVALID', 'refused message');
test(is, [0x45], '3 OTHER_PERMANENT_FAILURE', 'refused message');
test(is, [0x48, 0x49], '3 SOURCE_ADDR_INVALID', 'refused account');
test(is, [0x50, 0x51], '3 DEST_ADDR_INVALID', 'refused message');
test(is, [0x53], '3 AUTHENTICATION_FAILED', 'refused account');
test(is, [0x54, 0x55, 0x63], '3 MESSAGE_DATA_INVALID', 'refused message');
test(is, [0x58], '2 THROTTLED', 'unavailable throttled');
test(is, [0x61, 0x62], '3 TIME_PERIOD_INVALID', 'refused message');
test(is, [0x64], '2 OTHER_TEMPORARY_FAILURE', 'unavailable message');
test(is, [0x65, 0x66, 0x67], '3 OTHER_PERMANENT_FAILURE', 'refused message');
test(is, [0xc0, 0xc1, 0xc2, 0xc3, 0xc4], '3 MESSAGE_DATA_INVALID', 'refused message');
test(is, [0xfe], '2 CARRIER_DELIVERY_FAILED', 'unavailable message');
test(is, [0xff], '3 OTHER_PERMANENT_FAILURE', 'refused message');
test(is, [0x100, 0x101, 0x103], '', 'refused account');
test(is, [0x102], '', 'unavailable message');
test(is, [0x104, 0x106, 0x112], '', 'refused message');
test(is, [0x400, 0x4ff], '', 'refused message');

test("holds Genesys' 48 entries", t => {
  t.is(Object.keys(defaultCodeMapping).filter(code => Number(code) < 0x100).length, 48);
});

test('an entry of the account replaces one code and leaves the others', t => {
  const options = smppOptions.parse({
    host: 'smsc',
    systemId: 'a',
    password: 'b',
    advancedConfiguration: JSON.stringify({
      protocolSpecificCodeMapping: {
        69: {genericErrorCode: 2, genericErrorCause: 'THROTTLED', description: 'too fast'},
        1281: {genericErrorCode: 3, genericErrorCause: 'DEST_ADDR_INVALID', description: 'no such phone'},
      },
    }),
  });
  const {codes} = toSettings(options);
  t.like(toSubmitOutcome(0x45, codes), {kind: 'unavailable', scope: 'throttled', reason: {code: 'RateLimited'}});
  t.like(toSubmitOutcome(1281, codes), {
    kind: 'refused',
    reason: {code: 'InvalidDestination', message: '0x00000501 no such phone'},
  });
  t.like(toSubmitOutcome(0x14, codes), {kind: 'unavailable', scope: 'throttled'});
});

test('wrong credentials are those of systemId, password and systemType', t => {
  t.deepEqual([0x05, 0x0d, 0x0e, 0x0f, 0x53, 0x58].filter(isCredentialsRefusal), [0x0e, 0x0f, 0x53]);
});
