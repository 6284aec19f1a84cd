import {once} from 'node:events';
import {connect} from 'node:net';
import {decodePdu, encodePdu, maxPduLength, type Pdu, textField} from '../../src/carriers/smpp/codec.ts';
import {createFramer} from '../../src/carriers/smpp/framer.ts';
import type {LeastOptions} from './options.ts';

export interface Sending {
  channel: string;
  phone: string;
  text: string;
  /** The SMSC has taken it. */
  taken(carrierId: string): void;
}

export interface LinkOptions extends NonNullable<LeastOptions['smsc']> {
  /** A receipt; `answer` is for the SMSC. */
  onReceipt(carrierId: string, state: string, answer: () => void): void;
}

/** One session that never breaks: so many texts under way as the window has room, each receipt handed on. */
export async function openLink({
  port,
  systemId,
  password,
  window,
  onReceipt,
}: LinkOptions): Promise<(sending: Sending) => void> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const framer = createFramer(maxPduLength);
  const waiting: Sending[] = [];
  const underWay = new Map<number, Sending>();
  const bound = Promise.withResolvers<void>();
  let out: Buffer[] = [];
  let sequence = 0;

  /** What one turn of the event loop brings is one write. */
  function write(bytes: Buffer): void {
    out.push(bytes);
    if (out.length > 1) return;
    setImmediate(() => {
      socket.write(Buffer.concat(out));
      out = [];
    });
  }

  function pump(): void {
    while (underWay.size < window) {
      const sending = waiting.shift();
      if (sending === undefined) return;
      sequence += 1;
      underWay.set(sequence, sending);
      write(encodePdu('submit_sm', sequence, toSubmission(sending)));
    }
  }

  function read({command, status, sequence: answered, fields}: Pdu): void {
    if (status !== 0) throw new Error(`${command} came with command_status ${status}`);
    switch (command) {
      case 'bind_transceiver_resp':
        bound.resolve();
        break;
      case 'submit_sm_resp':
        underWay.get(answered)?.taken(textField(fields, 'message_id'));
        underWay.delete(answered);
        pump();
        break;
      case 'deliver_sm': {
        const [, carrierId = '', state = ''] = /id:(\S+).* stat:(\S+)/.exec(String(fields.short_message)) ?? [];
        onReceipt(carrierId, state, () => write(encodePdu('deliver_sm_resp', answered)));
      }
    }
  }

  socket.on('data', chunk => {
    for (const frame of framer.push(chunk).frames) read(decodePdu(frame));
  });
  await once(socket, 'connect');
  write(encodePdu('bind_transceiver', 0xffff, {system_id: systemId, password, interface_version: 0x34}));
  await bound.promise;
  return sending => {
    waiting.push(sending);
    pump();
  };
}

function toSubmission({channel, phone, text}: Sending) {
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: channel,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: phone.replace('+', ''),
    registered_delivery: 1,
    short_message: Buffer.from(text, 'latin1'),
  };
}
