import test from 'ava';
import fc from 'fast-check';
import {type CharsetName, charsetNames, charsets} from '../../../src/carriers/smpp/alphabet/charset.ts';
import type {Fields} from '../../../src/carriers/smpp/codec.ts';
import {decodePdu, encodePdu} from '../../../src/carriers/smpp/codec.ts';
import {joinParts, readInbound} from '../../../src/carriers/smpp/inbound.ts';
import {
  type Concatenation,
  concatenations,
  encodeSegments,
  parsePlanName,
  planText,
} from '../../../src/carriers/smpp/text.ts';
import {toSubmitFields} from '../../../src/carriers/smpp/wire.ts';
import type {HeldPart} from '../../../src/core/event.ts';

const dcs = {
  gsm_0338: 0,
  ASCII: 1,
  'ISO-8859-1': 3,
  JIS0201: 5,
  'ISO-8859-5': 6,
  'ISO-8859-8': 7,
  'utf-16be': 8,
} as const;

/** Segments, PDUs, and back, as if the SMSC looped the text. */
const returns = test.macro({
  exec(t, charset: CharsetName, concatenation: Concatenation, packed: boolean) {
    fc.assert(
      fc.property(textOf(charset, packed), fc.nat(0xffff), (text, reference) => {
        t.is(loop(text, charset, concatenation, packed, reference), text);
      }),
      {numRuns: 60},
    );
  },
  title: (_, charset, concatenation, packed) =>
    `any text of ${charset} comes back unchanged, ${concatenation}${packed ? ', packed' : ''}`,
});

for (const charset of charsetNames) {
  for (const concatenation of concatenations) test(returns, charset, concatenation, false);
}
test(returns, 'gsm_0338', 'udh8', true);
test(returns, 'gsm_0338', 'udh16', true);

test('any text at all, in the first charset that holds it, comes back unchanged', t => {
  const list = charsetNames.map(charset => ({dcs: dcs[charset], charset}));
  fc.assert(
    fc.property(fc.string({unit: 'grapheme', maxLength: 400}), text => {
      const rules = {
        charsets: list,
        concatenation: 'udh8',
        maxSegments: 255,
        transliterate: false,
        packed: false,
      } as const;
      const plan = planText(text, rules);
      if (!('segments' in plan)) return t.fail(plan.reason.message);
      const manner = parsePlanName(plan.name);
      if (manner === undefined) return t.fail(plan.name);
      t.is(charsets[manner.charset].decode(Buffer.concat(encodeSegments(text, manner))), text);
    }),
    {numRuns: 300},
  );
});

function loop(
  text: string,
  charset: CharsetName,
  concatenation: Concatenation,
  packed: boolean,
  reference: number,
): string {
  const rules = {
    charsets: [{dcs: dcs[charset], charset}],
    concatenation,
    maxSegments: 255,
    transliterate: false,
    packed,
  };
  const plan = planText(text, rules);
  const manner = 'name' in plan ? parsePlanName(plan.name) : undefined;
  if (!('segments' in plan) || manner === undefined) return 'no plan';
  const parts: HeldPart[] = [];
  const decoding = {charsets: rules.charsets, ucs2LittleEndian: false, packed};
  for (const [segment, body] of encodeSegments(text, manner).entries()) {
    const fields = toSubmitFields({...base, manner, body, segment, segments: plan.segments, reference}, submitRules);
    const reading = readInbound(overTheWire(fields), {
      account: 'a',
      plusPrefix: undefined,
      rules: decoding,
      receivedAt: 0,
    });
    if (reading.kind === 'whole') return reading.event.text;
    parts.push(reading.event);
  }
  const joined = joinParts(parts.reverse(), decoding);
  return joined.missing === 0 ? joined.text : `${joined.missing} parts missing`;
}

function overTheWire(fields: Fields): Fields {
  return decodePdu(encodePdu('deliver_sm', 1, fields)).fields;
}

/** Packed septets can't tell a last `@` from padding, and a leading byte-order mark is dropped: neither is in these texts. */
function textOf(charset: CharsetName, packed: boolean): fc.Arbitrary<string> {
  if (charset === 'utf-16be') {
    return fc
      .string({unit: 'grapheme', maxLength: 500})
      .filter(text => !text.includes('\0') && !text.startsWith('\ufeff'));
  }
  const characters = Array.from({length: 0x10000}, (_, code) => String.fromCharCode(code)).filter(
    character => character !== '\0' && charsets[charset].encode(character) !== undefined,
  );
  return fc
    .array(fc.constantFrom(...characters), {maxLength: 500})
    .map(each => each.join(''))
    .filter(text => !packed || !/@\r?$/.test(text));
}

const base = {
  from: '+14155550123',
  to: '+16504661149',
  priority: 'interactive',
  deliverWithinMs: 1000,
  now: 0,
} as const;
const submitRules = {
  sourceTon: 'auto',
  sourceNpi: 'auto',
  destinationTon: 'auto',
  destinationNpi: 'auto',
  outboundPlusPrefix: false,
  serviceType: '',
  protocolId: 0,
  priorityFlag: {interactive: 0, bulk: 0},
  messageMode: 'default',
  registeredDelivery: 1,
  validityFormat: 'relative',
  tlvs: {},
  moreMessagesToSend: false,
} as const;
