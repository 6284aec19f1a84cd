import type {Log} from '../../../core/log.ts';
import type {Fields, Pdu} from '../codec.ts';
import type {Reply} from './in-flight.ts';
import type {LinkOptions} from './link.ts';
import type {DeliveryAnswer} from './requests.ts';

export type Role = 'transceiver' | 'transmitter' | 'receiver';

/** Why a session ended. `refusal` is the command_status of a bind that was not allowed. */
export interface End {
  why: string;
  refusal: number | undefined;
  /** It had been bound. */
  wasBound: boolean;
}

export interface SessionOptions {
  link: Pick<LinkOptions, 'host' | 'port' | 'localAddress' | 'tls' | 'connectTimeoutMs' | 'partialTimeoutMs'>;
  role: Role;
  bindFields: Fields;
  bindTimeoutMs: number;
  responseTimeoutMs: number;
  /** Silence of the far side before we ask whether it lives. */
  enquireLinkMs: number;
  enquireLinkTimeoutMs: number;
  log: Log;
  onBound(info: {systemId: string; interfaceVersion: number | undefined}): void;
  /** deliver_sm or data_sm; `isAwaited`: whether the SMSC still waits for the answer. Never rejects. */
  onDelivery(pdu: Pdu, isAwaited: () => boolean): Promise<DeliveryAnswer>;
  /** The far side has something for us. */
  onOutbind(): void;
  /** There is room again, or none any more. */
  onRoom(): void;
  /** Once. */
  onEnd(end: End): void;
}

export interface Session {
  isOpen(): boolean;
  /** Sends a request, submit_sm or query_sm, and waits for its answer; `late` gets one that comes after `silent`. */
  ask(command: string, fields: Fields, late: (pdu: Pdu) => void): Promise<Reply>;
  inFlight(): number;
  isCongested(): boolean;
  /** Takes no more of either side, waits for what is in flight, unbinds, closes. Never rejects. */
  close(graceMs: number): Promise<void>;
  /** At once: whatever is in flight is lost. */
  cut(): void;
  /** Takes no more, gives what is in flight a moment for its answers, closes without a good-bye: the SMSC knows of no bind. */
  abandon(why: string): Promise<void>;
}
