import {createRequire} from 'node:module';
import type {AddressInfo, Server} from 'node:net';
import test from 'ava';
import {until} from '../../helpers/until.ts';
import {openAccount, ourNumber, phone, untilBound} from './account.ts';

/** The server half of the `smpp` package: an SMSC that shares no line with ours. */
interface Pdu {
  command: string;
  [field: string]: unknown;
  response(fields?: object): Pdu;
}
interface Session {
  on(event: string, listener: (pdu: Pdu) => void): void;
  send(pdu: Pdu): void;
  deliver_sm(fields: object, answered: (pdu: Pdu) => void): void;
  close(): void;
}

test("binds to, sends by and hears from the package's own server", async t => {
  const smpp: {createServer(listener: (session: Session) => void): Server} = createRequire(import.meta.url)('smpp');
  const submits: Pdu[] = [];
  const answers: Pdu[] = [];
  const server = smpp.createServer(session => {
    session.on('error', () => {});
    session.on('bind_transceiver', pdu => session.send(pdu.response()));
    session.on('enquire_link', pdu => session.send(pdu.response()));
    session.on('unbind', pdu => {
      session.send(pdu.response());
      session.close();
    });
    session.on('submit_sm', pdu => {
      submits.push(pdu);
      session.send(pdu.response({message_id: 'abc'}));
      const text = {
        source_addr: '14155550123',
        destination_addr: '16504661149',
        data_coding: 0,
        short_message: Buffer.from('hello'),
      };
      session.deliver_sm(text, answer => void answers.push(answer));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const {carrier, seen, sendSegment} = openAccount(t, {host: '127.0.0.1', port, binds: 1});
  await carrier.start();
  await untilBound(carrier);
  t.like(await sendSegment('x'.repeat(200), 1), {kind: 'taken', carrierMessageId: 'abc'});
  t.like(submits[0], {
    source_addr: '16504661149',
    destination_addr: '14155550123',
    esm_class: 0x40,
    validity_period: '000001000000000R',
  });
  t.deepEqual(submits[0]?.short_message, Buffer.concat([Buffer.of(5, 0, 3, 7, 2, 2), Buffer.from('x'.repeat(47))]));
  await until('the answer to the text', () => answers.length === 1);
  t.like(seen.inbound[0], {from: phone, to: ourNumber, text: 'hello'});
  await carrier.stop();
});
