import type {Socket} from 'node:net';
import {type Connection, createConnection} from './connection.ts';
import type {Receiver} from './deliveries.ts';
import {
  command,
  cString,
  type Message,
  readBind,
  readHeader,
  readMessage,
  responseBit,
  writeMessage,
  writePdu,
} from './pdu.ts';

export type Role = 'transceiver' | 'transmitter' | 'receiver';

export interface Session extends Receiver {
  readonly systemId: string;
  readonly role: Role | undefined;
  /** submit_sm_resp. */
  respond(sequence: number, status: number, messageId: string, congestion?: number): void;
  enquire(): void;
  unbind(): void;
  /** Any octets, as they are. */
  write(bytes: Buffer): void;
  destroy(): void;
}

export interface SessionOptions {
  id: number;
  socket: Socket;
  /** The command_status a bind is answered with. */
  authenticate(systemId: string, password: string): number;
  onBound(session: Session): void;
  onSubmit(session: Session, sequence: number, message: Message, raw: Buffer): void;
  onClose(session: Session): void;
}

const roles = new Map<number, Role>([
  [command.bindTransceiver, 'transceiver'],
  [command.bindTransmitter, 'transmitter'],
  [command.bindReceiver, 'receiver'],
]);
const status = {ok: 0, invalidCommand: 0x03, invalidBindStatus: 0x04} as const;
const interfaceVersion = Buffer.of(0x02, 0x10, 0x00, 0x01, 0x34);

/** One connection of the gateway, as the SMSC sees it. */
export function createSession(options: SessionOptions): Session {
  const waiting = new Map<number, (status: number | undefined) => void>();
  let systemId = '';
  let role: Role | undefined;
  let sequence = 0;
  const connection: Connection = createConnection(options.socket, onFrame, onClose);

  const session: Session = {
    id: options.id,
    get systemId() {
      return systemId;
    },
    get role() {
      return role;
    },
    deliver(message, answered) {
      waiting.set(request(command.deliverSm, writeMessage(message)), answered);
    },
    respond(number, code, messageId, congestion) {
      const tlv = congestion === undefined ? [] : [Buffer.of(0x04, 0x28, 0, 1, congestion)];
      const body = code === status.ok ? Buffer.concat([cString(messageId), ...tlv]) : undefined;
      reply(command.submitSm, number, code, body);
    },
    enquire: () => void request(command.enquireLink),
    unbind: () => void request(command.unbind),
    write: connection.send,
    destroy: connection.destroy,
  };
  return session;

  function request(id: number, body?: Buffer): number {
    sequence += 1;
    connection.send(writePdu({id, status: status.ok, sequence}, body));
    return sequence;
  }

  function reply(id: number, number: number, code: number, body?: Buffer): void {
    connection.send(writePdu({id: (id | responseBit) >>> 0, status: code, sequence: number}, body));
  }

  function onFrame(frame: Buffer): void {
    const {id, sequence: number, status: code} = readHeader(frame);
    const bind = roles.get(id);
    if (bind !== undefined) onBind(frame, id, number, bind);
    else if (id === command.submitSm) onSubmit(frame, number);
    else if (id === command.enquireLink) reply(id, number, status.ok);
    else if (id === command.unbind) {
      reply(id, number, status.ok);
      connection.end();
    } else if (id >= responseBit) onResponse(id, number, code);
    else connection.send(writePdu({id: command.genericNack, status: status.invalidCommand, sequence: number}));
  }

  function onBind(frame: Buffer, id: number, number: number, bind: Role): void {
    const said = readBind(frame);
    const code = options.authenticate(said.systemId, said.password);
    reply(id, number, code, code === status.ok ? Buffer.concat([cString('pretend'), interfaceVersion]) : undefined);
    if (code !== status.ok) {
      connection.end();
      return;
    }
    systemId = said.systemId;
    role = bind;
    options.onBound(session);
  }

  function onSubmit(frame: Buffer, number: number): void {
    if (role === undefined || role === 'receiver') reply(command.submitSm, number, status.invalidBindStatus);
    else options.onSubmit(session, number, readMessage(frame), frame);
  }

  function onResponse(id: number, number: number, code: number): void {
    const answered = waiting.get(number);
    waiting.delete(number);
    if (id === (command.unbind | responseBit) >>> 0) connection.end();
    answered?.(code);
  }

  function onClose(): void {
    role = undefined;
    options.onClose(session);
    for (const answered of waiting.values()) answered(undefined);
    waiting.clear();
  }
}
