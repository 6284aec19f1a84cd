import {createHash} from 'node:crypto';
import test from 'ava';
import {createTakeOutbound, type TakeOutboundOptions} from '../../src/relay/take-outbound.ts';
import {silent} from '../store/silent.ts';

const windowMs = 600_000;
const channel = {platform: 'acme', id: 'c1', address: '+16504661149', carriers: [{carrier: 'smsc'}], priority: 'bulk'};

/** What the store is given of a webhook; how often its bytes were asked for. */
async function take(texts: readonly string[], raw: string) {
  const seen: Array<{outbound: {messageId: string}; earlierId: string}> = [];
  let reads = 0;
  const {outbound} = createTakeOutbound({
    store: {
      async acceptOutbound(message: (typeof seen)[number]) {
        seen.push(message);
        return {messageId: message.outbound.messageId, result: 'stored'};
      },
    },
    channels: () => [channel],
    refusing: () => undefined,
    firstStart: () => undefined,
    log: silent,
    meter: {accepted() {}},
    now: () => 7 * windowMs,
  } as unknown as TakeOutboundOptions);
  await outbound({
    platform: 'acme',
    channel: 'c1',
    traceId: 'a1',
    raw: {
      toJSON() {
        reads += 1;
        return raw;
      },
    } as unknown as string,
    reading: {readable: true, texts: texts.map(text => ({to: '+14155550123', text, media: []}))},
  });
  return {seen, reads};
}

/** Of all versions: a redelivery may come to another one. */
function toId(raw: string, window: number, position: number, text: string): string {
  const parts = ['raw', raw, String(window), String(position), 'acme', 'c1', '+14155550123', text, '[]'];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);
}

const raw = '{"a":"é\\"\u2028"}';

for (const texts of [['one'], ['one', 'two \ud83d\ude00', 'one']]) {
  test(`names ${texts.length} without ids by their webhook, its window and their place`, async t => {
    const {seen} = await take(texts, raw);
    t.deepEqual(
      seen.map(({outbound, earlierId}) => [outbound.messageId, earlierId]),
      texts.map((text, position) => [toId(raw, 7, position, text), toId(raw, 6, position, text)]),
    );
  });
}

test('reads a webhook once for all the texts in it', async t => {
  const texts = Array.from({length: 1000}, (_, index) => `text ${index}`);
  const {seen, reads} = await take(texts, raw);
  t.is(new Set(seen.map(({outbound}) => outbound.messageId)).size, 1000);
  t.is(reads, 1);
});
