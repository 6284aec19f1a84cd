import {openStore} from '../../src/store/index.ts';
import {phone} from './contract/kit.ts';
import {silent} from './silent.ts';

/** A process of its own that forgets a phone in small steps, telling each, until it is killed. */
const [file = ''] = process.argv.slice(2);
const store = await openStore({
  url: `sqlite:${file}`,
  maxOutbound: 1_000_000,
  now: () => Date.now(),
  log: silent,
  onReady() {},
  onLost() {},
});
await store.orderForget({phone, by: 'ops', atOnce: true});
let before: number | undefined;
do {
  const step = await store.forgetMore(phone, before, 5);
  before = step.next;
  process.stdout.write(`${step.forgotten}\n`);
} while (before !== undefined);
