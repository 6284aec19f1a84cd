import {constants, setPriority} from 'node:os';
import {parentPort} from 'node:worker_threads';
import {made} from '../../src/sandbox/peers.ts';
import {createPretendSmsc} from '../../src/sandbox/smsc.ts';

/**
 * The SMSC in a thread of its own, so that what else this process does makes no submit_sm look later than it came; and before others on its core, where
 * that is allowed.
 */
export interface Submits {
  seen: Array<{phone: string; at: number}>;
  /** How long it was away itself at most since it told last, ms: what came meanwhile looks so much later. */
  awayMs: number;
}

const tellEveryMs = 20;
const lookEveryMs = 2;
let seen: Submits['seen'] = [];
let awayMs = 0;
let lookedAt = performance.now();

comeFirst();
const smsc = await createPretendSmsc({
  systemId: made.systemId,
  password: made.password,
  remember: false,
  onEvent(event) {
    if (event.event === 'submit') seen.push({phone: event.submit.destination, at: event.submit.at});
  },
});
setInterval(() => {
  const now = performance.now();
  awayMs = Math.max(awayMs, now - lookedAt - lookEveryMs);
  lookedAt = now;
}, lookEveryMs);
setInterval(() => {
  if (seen.length === 0) return;
  parentPort?.postMessage({seen, awayMs} satisfies Submits);
  [seen, awayMs] = [[], 0];
}, tellEveryMs);
parentPort?.postMessage(smsc.port);

/** On Linux a process id of 0 stands for this thread alone. */
function comeFirst(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_HIGHEST);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('EACCES'))) throw error;
  }
}
