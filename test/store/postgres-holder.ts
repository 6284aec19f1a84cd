import {openStore} from '../../src/store/index.ts';
import {everyOutbound, settleTaken, startSegment} from './contract/kit.ts';
import {silent} from './silent.ts';

/** A replica of its own: claims what there is, starts the first of it, says so, and settles it when a line comes in. */
const [url = '', limit = '10'] = process.argv.slice(2);
const store = await openStore({
  url,
  maxOutbound: 1_000_000,
  now: () => Date.now(),
  log: silent,
  onReady() {},
  onLost() {},
});
const [first, ...rest] = await store.claim(everyOutbound, Number(limit));
if (first === undefined) throw new Error('there was nothing to claim');
await startSegment(store, first);
process.stdout.write(`${JSON.stringify({started: first, claimed: rest})}\n`);
process.stdin.once('data', async () => {
  const answers = {
    settled: await settleTaken(store, first, 'late'),
    started: await Promise.all(rest.map(claim => startSegment(store, claim))),
  };
  process.stdout.write(`${JSON.stringify(answers)}\n`);
  await store.close();
  process.exit(0);
});
