import test from 'ava';
import {createInboundMedia} from '../../../src/platforms/nexus/inbound-media.ts';
import {nexusOptions} from '../../../src/platforms/nexus/options.ts';
import {silent} from '../../store/silent.ts';
import {noon, toChannel, toInboundPost} from './harness.ts';

const retryForMs = 600_000;
const many = Array.from({length: 10_001}, (_, index) => `m-${index}`);

/** Files that can't be had. */
function openOutage() {
  const clock = {now: noon};
  const {contract} = nexusOptions.parse({url: 'https://digital.example.com', ccid: '45acae06'});
  const carry = createInboundMedia({
    contract,
    upload: async () => ({kind: 'unavailable', why: '503'}),
    loadMedia: async () => ({kind: 'unavailable', why: '503'}),
    log: silent,
    now: () => clock.now,
  });
  const channel = toChannel('16504661149');
  const media = [{url: 'https://api.example.com/media/1', contentType: 'image/jpeg'}];
  const ask = async (messageId: string, receivedAt: number) =>
    (await carry(channel, toInboundPost({messageId, media, receivedAt}))).kind;
  /** Those that wait on. */
  const askEach = async (messageIds: readonly string[]) => {
    const waiting: string[] = [];
    for (const messageId of messageIds) if ((await ask(messageId, noon)) === 'unavailable') waiting.push(messageId);
    return waiting;
  };
  return {clock, ask, askEach};
}

test('the wait of texts for files ends, however many they are', async t => {
  const {clock, askEach} = openOutage();
  t.is((await askEach(many)).length, many.length);
  clock.now += retryForMs;
  const waiting = await askEach(many);
  clock.now += retryForMs;
  t.deepEqual(await askEach(waiting), []);
});

test('texts that never came back take no place from one that waited for another reason', async t => {
  const {clock, ask, askEach} = openOutage();
  await askEach(many);
  clock.now += retryForMs + 300_000;
  t.is(await ask('late', noon - 7_200_000), 'unavailable');
  clock.now += retryForMs;
  t.is(await ask('late', noon - 7_200_000), 'ready');
});
