import {openStore} from '../../src/store/index.ts';
import {silent} from './silent.ts';

/** Closes its store while it is about to ask the worker something, whose answer is there before the event loop goes on. */
const [url = ''] = process.argv.slice(2);
const store = await openStore({
  url,
  maxOutbound: 10,
  now: Date.now,
  log: silent,
  onReady() {},
  onLost(error) {
    throw error;
  },
});
setImmediate(async () => {
  const asked = store.probe();
  const closed = store.close();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await Promise.all([asked, closed]);
  console.log('closed');
});
