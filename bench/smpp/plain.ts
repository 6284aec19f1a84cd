import {createRequire} from 'node:module';
import type {Socket} from 'node:net';
import {workerData} from 'node:worker_threads';
import type {Job} from '../smpp.ts';
import {measure, text} from './measure.ts';

/** The part of the package's session that its README shows; the gateway itself uses the codec only. */
interface PlainPdu {
  command_status: number;
  response(): PlainPdu;
}
interface PlainSession {
  socket: Socket;
  on(event: string, listener: (pdu: PlainPdu) => void): void;
  send(pdu: PlainPdu): void;
  bind_transceiver(fields: object, answered: (pdu: PlainPdu) => void): void;
  submit_sm(fields: object, answered: (pdu: PlainPdu) => void): void;
}

/**
 * The package as its README uses it: a text as a string, a callback for the answer, every deliver_sm answered. Nagle's algorithm is off:
 * with it the package waits for delayed acknowledgements and does 200 messages a second with receipts, which says nothing about its code.
 */
const job: Job = workerData;
const smpp: {connect(options: object): PlainSession} = createRequire(import.meta.url)('smpp');
const session = smpp.connect({host: '127.0.0.1', port: job.port});
let receipts = 0;
session.socket.setNoDelay(true);
session.on('deliver_sm', pdu => {
  receipts += 1;
  session.send(pdu.response());
});
await new Promise<void>(resolve => session.on('connect', () => resolve()));
await new Promise<void>(resolve => {
  session.bind_transceiver({system_id: 'bench', password: 'bench'}, () => resolve());
});

await measure(job, send, () => receipts);

function send(): Promise<void> {
  return new Promise((resolve, reject) => {
    const fields = {
      source_addr: '16504661149',
      destination_addr: '14155550123',
      registered_delivery: job.receipts ? 1 : 0,
      short_message: text,
    };
    session.submit_sm(fields, ({command_status}) => {
      if (command_status === 0) resolve();
      else reject(new Error(`command_status ${command_status}`));
    });
  });
}
