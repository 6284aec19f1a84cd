import {openStore} from '../../src/store/index.ts';
import {claim, live, takeIn} from './lives.ts';

/** A store in a process of its own, driven by the messages of the bench. */
export interface Command {
  work: 'takeIn' | 'claim' | 'live' | 'close';
  first: number;
  count: number;
}

export interface Done {
  tookMs: number;
  cpuUs: number;
  residentBytes: number;
  error?: string;
}

const [url = ''] = process.argv.slice(2);
const store = await openStore({
  url,
  maxOutbound: 100_000_000,
  now: () => Date.now(),
  log: {debug() {}, info() {}, warn() {}, error() {}},
  onReady() {},
  onLost(error) {
    throw error;
  },
});

process.on('message', (command: Command) => {
  run(command).then(
    done => process.send?.(done),
    error => process.send?.({tookMs: 0, cpuUs: 0, residentBytes: 0, error: String(error)}),
  );
});
process.once('disconnect', () => process.exit());
process.send?.('open');

async function run(command: Command): Promise<Done> {
  const [at, cpu] = [performance.now(), process.cpuUsage()];
  await work(command);
  const tookMs = performance.now() - at;
  const {user, system} = process.cpuUsage(cpu);
  return {tookMs, cpuUs: user + system, residentBytes: process.memoryUsage().rss};
}

async function work({work: name, first, count}: Command): Promise<void> {
  if (name === 'takeIn') return takeIn(store, first, count);
  if (name === 'claim') return claim(store, count);
  if (name === 'live') return live(store, first, count);
  await store.close();
}
