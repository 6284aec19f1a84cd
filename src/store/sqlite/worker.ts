import {parentPort, workerData} from 'node:worker_threads';
import {StoreRefused} from '../refused.ts';
import {createEngine} from './engine.ts';
import {type Opened, open} from './open.ts';
import {type Parcel, unpack} from './parcel.ts';
import type {Reply, WorkerOptions} from './protocol.ts';

/** The store's own thread: commits wait for the disk here, never on the event loop. */

const options: WorkerOptions = workerData;
const opened = tryOpen();
if (opened !== undefined) serve(opened);

function tryOpen(): Opened | undefined {
  try {
    return open(options);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    reply({kind: 'refused', why: error.message});
    return undefined;
  }
}

function serve({connection, ledger, vault, witness, ready, restored, close}: Opened): void {
  const engine = createEngine(connection, ledger, vault, witness);
  parentPort?.on('message', (parcel: Parcel) => {
    const request = unpack(parcel);
    if (request.kind === 'group') {
      reply({kind: 'group', ...engine.group(request.now, request.calls, request.rooms)});
      return;
    }
    close();
    reply({kind: 'closed'});
    parentPort?.close();
  });
  reply({kind: 'opened', ready, restored});
}

function reply(message: Reply): void {
  parentPort?.postMessage(JSON.stringify(message));
}
