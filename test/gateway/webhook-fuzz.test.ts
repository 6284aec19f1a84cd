import test from 'ava';
import fc from 'fast-check';
import {made} from '../../src/sandbox/peers.ts';
import {startWorld} from '../helpers/world.ts';

const keys = [
  'messages',
  'channel',
  'to',
  'from',
  'id',
  'text',
  'content',
  'type',
  'data',
  'attachment',
  'url',
  '__proto__',
];
const word = fc.oneof(
  fc.constantFrom(...keys, 'Text', 'Structured', '14155550123', '+1', 'genesys://nexus/1'),
  fc.string(),
);
const {tree} = fc.letrec(tie => ({
  tree: fc.oneof(
    {maxDepth: 5},
    fc.oneof(word, fc.double(), fc.boolean(), fc.constant(null), fc.string({unit: 'binary'})),
    fc.array(tie('tree'), {maxLength: 4}),
    fc.dictionary(word, tie('tree'), {maxKeys: 5}),
  ),
}));

test('any rightly signed JSON is answered 200 with an id, and never crashes what is behind', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 500'}});
  const send = (raw: string) =>
    world.peers.nexus.sendText({webhookUrl: world.webhookUrl(), channelId: made.smppChannel, raw});
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(tree, fc.record({messages: fc.array(tree as fc.Arbitrary<unknown>, {maxLength: 3})})),
      async value => {
        const {status, body} = await send(JSON.stringify(value) ?? 'null');
        return status === 200 && /^[\w-]{1,64}$/.test((body as {messageId: string}).messageId);
      },
    ),
    {numRuns: 300},
  );
  t.false(world.lines.some(line => line.includes('"http.refused"') || line.includes('fault')));
});

test('any bytes that are no JSON are answered 400, rightly signed or not at all', async t => {
  const world = await startWorld(t);
  const isJson = (bytes: Uint8Array) => {
    try {
      JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
      return true;
    } catch {
      return false;
    }
  };
  const bytes = fc.uint8Array({maxLength: 300}).filter(one => !isJson(one));
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (raw, signed) => {
      const secret = signed ? {} : {secret: 'not the secret'};
      const text = {webhookUrl: world.webhookUrl(), channelId: made.smppChannel, raw, ...secret};
      const {status} = await world.peers.nexus.sendText(text);
      return status === (signed ? 400 : 401);
    }),
    {numRuns: 200},
  );
  const {body} = await world.api('/api/messages');
  t.deepEqual(body.messages, []);
});
