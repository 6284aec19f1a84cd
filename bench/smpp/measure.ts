import {parentPort} from 'node:worker_threads';
import type {Job, Result} from '../smpp.ts';

export const text = 'Your code is 123456. It is valid for ten minutes. Do not tell it to anybody, not even to us.';

/** A tenth of the submissions to warm up, then all of them, `window` at once; reports to the main thread. */
export async function measure(job: Job, send: () => Promise<void>, receiptsSeen: () => number): Promise<void> {
  const warm = Math.ceil(job.submissions / 10);
  await drive(warm);
  const at = performance.now();
  const cpu = process.threadCpuUsage();
  await drive(job.submissions);
  const seconds = (performance.now() - at) / 1000;
  const {user, system} = process.threadCpuUsage(cpu);
  const result: Result = {perSecond: job.submissions / seconds, cpuMicroseconds: (user + system) / job.submissions};
  parentPort?.postMessage(result);

  /** With receipts, done when the last of them has come. */
  async function drive(count: number): Promise<void> {
    const wanted = receiptsSeen() + count;
    let left = count;
    const work = async () => {
      while (left-- > 0) await send();
    };
    await Promise.all(Array.from({length: job.window}, work));
    while (job.receipts && receiptsSeen() < wanted) await new Promise(resolve => setImmediate(resolve));
  }
}
