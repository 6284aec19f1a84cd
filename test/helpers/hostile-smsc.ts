import {type AddressInfo, createServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {createConnection} from '../../src/sandbox/smsc/connection.ts';
import {command, cString, type Header, readHeader, responseBit, writePdu} from '../../src/sandbox/smsc/pdu.ts';

/** One connection to an SMSC that does what a test tells it, frame by frame. */
export interface Peer {
  /** From 1, in the order they came. */
  number: number;
  socket: Socket;
  /** Any octets. */
  send(bytes: Buffer): void;
  /** A rightly made response. */
  reply(header: Header, status?: number, body?: Buffer): void;
}

export interface HostileSmsc {
  host: string;
  port: number;
  /** Everything that came, responses too. */
  frames: Array<Header & {peer: number; frame: Buffer}>;
  peers: Peer[];
  /** How many frames of this command_id came. */
  count(id: number): number;
}

/** Returns true when it has dealt with the frame itself; otherwise binds, enquire_link, unbind and submissions are answered as they should be. */
export type Behaviour = (header: Header, frame: Buffer, peer: Peer) => boolean;

const ids = {bind: [command.bindReceiver, command.bindTransmitter, command.bindTransceiver] as readonly number[]};

export async function createHostileSmsc(
  t: ExecutionContext,
  behave: Behaviour = () => false,
  onConnect: (peer: Peer) => void = () => {},
): Promise<HostileSmsc> {
  const peers: Peer[] = [];
  const frames: HostileSmsc['frames'] = [];
  let messages = 0;
  const server = createServer(socket => {
    const connection = createConnection(socket, onFrame, () => {});
    const peer: Peer = {number: peers.length + 1, socket, send: connection.send, reply};
    peers.push(peer);
    onConnect(peer);

    function reply({id, sequence}: Header, status = 0, body?: Buffer): void {
      connection.send(writePdu({id: (id | responseBit) >>> 0, status, sequence}, body));
    }
    function onFrame(frame: Buffer): void {
      const header = readHeader(frame);
      frames.push({...header, peer: peer.number, frame});
      if (header.id >= responseBit || behave(header, frame, peer)) return;
      messages += 1;
      if (ids.bind.includes(header.id)) reply(header, 0, cString('hostile'));
      else if (header.id === command.submitSm) reply(header, 0, cString(`id${messages}`));
      else reply(header);
      if (header.id === command.unbind) connection.end();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    for (const {socket} of peers) socket.destroy();
    await new Promise(resolve => server.close(resolve));
  });
  const {port} = server.address() as AddressInfo;
  return {host: '127.0.0.1', port, frames, peers, count: id => frames.filter(frame => frame.id === id).length};
}
