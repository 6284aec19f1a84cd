import {parentPort} from 'node:worker_threads';
import {createPretendSmsc} from '../../src/sandbox/smsc.ts';

/** The SMSC of the bench: it remembers nothing, so that its memory does not grow with the run. */
const smsc = await createPretendSmsc({systemId: 'bench', password: 'bench', remember: false});
parentPort?.postMessage(smsc.port);
