import {fork} from 'node:child_process';
import {once} from 'node:events';
import {nodeFlags} from './flags.ts';
import {toPin} from './pinned.ts';
import {progress} from './report.ts';
import type {Command, Done} from './store-child.ts';

export interface StoreProcess {
  /** So many texts more, accepted; with progress. */
  fill(count: number, what: string): Promise<void>;
  takeIn(count: number): Promise<Done>;
  claim(count: number): Promise<Done>;
  live(count: number): Promise<Done>;
  /** How many texts it was given so far. */
  given(): number;
  stop(): Promise<void>;
}

const child = new URL('store-child.ts', import.meta.url).pathname;
const fillStep = 20_000;

/** A store of its own process on core 0. */
export async function startStore(url: string): Promise<StoreProcess> {
  const [program = process.execPath, ...args] = [...toPin(0), process.execPath, ...nodeFlags];
  const process_ = fork(child, [url], {execPath: program, execArgv: args});
  const exited = once(process_, 'exit');
  let given = 0;

  async function ask(command: Command): Promise<Done> {
    const ended = exited.then(([code]) => {
      throw new Error(`The store's process ended with ${code} under ${command.work}.`);
    });
    ended.catch(() => {});
    process_.send(command);
    const [done] = await Promise.race([once(process_, 'message'), ended]);
    if (done.error !== undefined) throw new Error(done.error);
    return done;
  }

  function give(work: 'takeIn' | 'live', count: number): Promise<Done> {
    given += count;
    return ask({work, first: given - count, count});
  }

  await Promise.race([
    once(process_, 'message'),
    exited.then(([code]) => {
      throw new Error(`The store's process ended with ${code} before it was open.`);
    }),
  ]);
  return {
    async fill(count, what) {
      for (let left = count; left > 0; left -= fillStep) {
        progress(`${what}: ${count - left} of ${count} texts`);
        await give('takeIn', Math.min(left, fillStep));
      }
    },
    takeIn: count => give('takeIn', count),
    live: count => give('live', count),
    claim: count => ask({work: 'claim', first: 0, count}),
    given: () => given,
    async stop() {
      await ask({work: 'close', first: 0, count: 0});
      process_.disconnect();
      await exited;
    },
  };
}
