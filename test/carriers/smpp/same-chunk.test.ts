import {type AddressInfo, createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {decodePdu, encodePdu, maxPduLength} from '../../../src/carriers/smpp/codec.ts';
import {createFramer} from '../../../src/carriers/smpp/framer.ts';
import {openSession, type Session} from '../../../src/carriers/smpp/session/session.ts';
import {until} from '../../helpers/until.ts';

const silent = {debug() {}, info() {}, warn() {}, error() {}};
const receipt = {source_addr: '14155550123', destination_addr: '16504661149', esm_class: 4, short_message: 'id:1'};

/** An SMSC that answers each submit_sm and sends its receipt in one write. */
async function openSmsc(t: ExecutionContext) {
  const server = createServer(socket => {
    t.teardown(() => socket.destroy());
    const framer = createFramer(maxPduLength);
    socket.on('error', () => {});
    socket.on('data', chunk => {
      for (const frame of framer.push(chunk).frames) {
        const {command, sequence} = decodePdu(frame);
        if (command === 'bind_transceiver') socket.write(encodePdu('bind_transceiver_resp', sequence));
        if (command !== 'submit_sm') continue;
        const answer = encodePdu('submit_sm_resp', sequence, {message_id: '1'});
        socket.write(Buffer.concat([answer, encodePdu('deliver_sm', 7, receipt)]));
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function bound(t: ExecutionContext, port: number, onDelivery: () => void): Promise<Session> {
  let isBound = false;
  const session = openSession({
    link: {
      host: '127.0.0.1',
      port,
      localAddress: undefined,
      tls: undefined,
      connectTimeoutMs: 5000,
      partialTimeoutMs: 5000,
    },
    role: 'transceiver',
    bindFields: {system_id: 'acme', password: 'secret'},
    bindTimeoutMs: 5000,
    responseTimeoutMs: 5000,
    enquireLinkMs: 60_000,
    enquireLinkTimeoutMs: 5000,
    log: silent,
    onBound: () => {
      isBound = true;
    },
    async onDelivery() {
      onDelivery();
      return {status: 0};
    },
    onOutbind() {},
    onRoom() {},
    onEnd() {},
  });
  t.teardown(() => session.close(0));
  await until('the session is bound', () => isBound);
  return session;
}

test('a receipt that comes with the answer to its text waits for what the answer sets off', async t => {
  const seen: string[] = [];
  const session = await bound(t, await openSmsc(t), () => seen.push('receipt'));
  const answered = session.ask(
    'submit_sm',
    {destination_addr: '14155550123', short_message: Buffer.from('hi')},
    () => {},
  );
  const settled = answered.then(async () => {
    // As deep as a settlement may stand behind its answer.
    for (let step = 0; step < 50; step += 1) await undefined;
    seen.push('settled');
  });
  await Promise.all([settled, until('the receipt came', () => seen.includes('receipt'))]);
  t.deepEqual(seen, ['settled', 'receipt']);
});
