import type {Log} from '../../../core/log.ts';
import type {Fields, Pdu} from '../codec.ts';
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
  /** deliver_sm or data_sm. Never rejects. */
  onDelivery(pdu: Pdu): Promise<DeliveryAnswer>;
  /** The far side has something for us. */
  onOutbind(): void;
  /** There is room again, or none any more. */
  onRoom(): void;
  /** Once. */
  onEnd(end: End): void;
}
