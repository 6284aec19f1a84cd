import {parentPort} from 'node:worker_threads';
import {made} from '../../src/sandbox/peers.ts';
import {createPretendSmsc} from '../../src/sandbox/smsc.ts';

/** The SMSC in a thread of its own, so that what else this process does makes no submit_sm look later than it came. */
export type Submits = Array<{phone: string; at: number}>;

const tellEveryMs = 20;
let seen: Submits = [];
const smsc = await createPretendSmsc({
  systemId: made.systemId,
  password: made.password,
  remember: false,
  onEvent(event) {
    if (event.event === 'submit') seen.push({phone: event.submit.destination, at: event.submit.at});
  },
});
setInterval(() => {
  if (seen.length > 0) parentPort?.postMessage(seen);
  seen = [];
}, tellEveryMs);
parentPort?.postMessage(smsc.port);
