import {openStore} from '../../src/store/index.ts';
import {claimOne, sendOne, startSegment, toInbound, toOutbound} from './contract/kit.ts';
import {silent} from './silent.ts';

/** A process of its own: stores and sends without end, printing what it was told is on disk, until it is killed. */
const [file = ''] = process.argv.slice(2);
const store = await openStore({
  url: `sqlite:${file}`,
  maxOutbound: 1_000_000,
  now: () => Date.now(),
  log: silent,
  onReady() {},
  onLost() {},
});
const lanes = [1, 2, 3, 4];
await Promise.all([...lanes.map(stream), loseOne()]);

async function stream(lane: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const id = `${lane}-${number}`;
    await store.acceptInbound(toInbound(`in-${id}`));
    process.stdout.write(`in-${id} accepted\n`);
    await store.acceptOutbound(toOutbound(`out-${id}`, {channel: 'stream', to: `+1415555010${lane}`}));
    process.stdout.write(`out-${id} accepted\n`);
  }
}

/** One text is claimed and started and then nothing more is known of it; one is sent. */
async function loseOne(): Promise<void> {
  await sendOne(store, 'sent', 'id1');
  process.stdout.write('sent sent\n');
  await store.acceptOutbound(toOutbound('lost'));
  await startSegment(store, await claimOne(store));
  process.stdout.write('lost started\n');
}
