import {monitorEventLoopDelay} from 'node:perf_hooks';
import type {ExecutionContext} from 'ava';
import {until} from './until.ts';
import {startWorld, type World} from './world.ts';

const threeBinds = (file: string) => file.replace('binds: 1', 'binds: 3');
/** Three segments of GSM 03.38. */
const long = 'The quick brown fox jumps over the lazy dog. '.repeat(9);

/**
 * Texts for three seconds and more at once, a third of them of three segments, over three binds, all cut in the middle: never more than `rate` in any
 * second. What the machine itself held back in the meantime, more than the pace allows for, is allowed for.
 */
export async function keepsRate(t: ExecutionContext, rate: number): Promise<void> {
  const world = await startWorld(t, {more: {smsc: `    messagesPerSecond: ${rate}`}, edit: threeBinds});
  const {smsc} = world.peers;
  await until('three binds', () => smsc.sessions().length === 3);
  await world.api('/api/pause', {carrier: 'smsc-a'});
  const messages = Math.ceil((rate * 3.2) / (5 / 3));
  const texts = Array.from({length: messages}, (_, index) => (index % 3 === 0 ? long : `text ${index}`));
  const ids = await Promise.all(texts.map((text, index) => world.send({to: `+1415555${10_000 + index}`, text})));
  const lag = monitorEventLoopDelay({resolution: 2});
  lag.enable();
  await world.api('/api/resume', {carrier: 'smsc-a'});
  const half = Math.floor(rate * 1.6);
  await until('half of them', () => smsc.submits.length >= half);
  smsc.disconnectAll();
  const settled = async () => {
    const states = await Promise.all(ids.map(async id => (await world.message(id)).state));
    return states.every(state => state === 'delivered' || state === 'unknown');
  };
  await until('the queue to be empty', () => isEmpty(world), 50_000);
  await until('every end', settled);
  lag.disable();
  const times = smsc.submits.map(({at}) => at);
  const heldBackMs = Math.max(0, lag.max / 1e6 - 20);
  const closest = Math.min(...times.slice(rate).map((at, index) => at - (times[index] ?? 0)));
  t.true(closest >= 1000 - heldBackMs, `${rate + 1} segments came within ${closest} ms`);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const busyMs = (times.at(-1) ?? 0) - (times[0] ?? 0) - Math.max(...gaps);
  t.log(
    `${Math.round((times.length / busyMs) * 1000)} of ${rate} segments a second; the loop stood ${lag.max / 1e6} ms`,
  );
  t.true(times.length > rate * 3);
  t.is(new Set(smsc.phones.map(({to}) => to)).size, smsc.phones.length);
}

async function isEmpty(world: World): Promise<boolean> {
  const {body} = await world.api('/api/carriers');
  return (body.queues as Array<{queue: string}>).every(({queue}) => !queue.startsWith('outbound'));
}
