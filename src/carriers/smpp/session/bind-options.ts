import type {CarrierContext, LinkStatus} from '../../carrier.ts';
import type {Fields, Pdu} from '../codec.ts';
import type {Settings} from '../settings.ts';
import type {Reply} from './in-flight.ts';
import type {Role, SessionOptions} from './session-options.ts';

export interface BindOptions {
  /** `smsc-a/2`. */
  name: string;
  role: Role;
  /** As they are at present. */
  settings(): Settings;
  context: Pick<CarrierContext, 'log' | 'now' | 'noise'>;
  far: Pick<SessionOptions, 'onDelivery' | 'onOutbind'>;
  /** There may be room for another submission, or a link has gone; `grown` when one has come. */
  onRoom(grown: boolean): void;
}

/** One bind for the life of the carrier: each try is a fresh session, and one that ended is never heard again. */
export interface Bind {
  readonly name: string;
  readonly role: Role;
  start(): void;
  /** Waits for what is in flight, `stopGrace` unless told otherwise. */
  stop(patienceMs?: number): Promise<void>;
  /** One that stops is not waited for any longer. */
  cut(): void;
  /** Resolves when it is bound for the first time, or stopped. */
  readonly up: Promise<void>;
  /** False: it is not waiting for its next try, or was refused and must wait. */
  hurry(): boolean;
  /** Bound and allowed to send. */
  isUsable(): boolean;
  window(): number;
  used(): number;
  /** Submissions it takes now. */
  room(): number;
  /** Its SMSC answers no submission as it should. */
  isIll(): boolean;
  /** Ill, and not to be tried yet. */
  isResting(): boolean;
  submit(fields: Fields, late: (pdu: Pdu) => void): Promise<Reply>;
  query(fields: Fields): Promise<Reply>;
  /** The number of the present bound session: what was begun in one can tell whether it still lives. */
  generation(): number | undefined;
  status(): LinkStatus;
}
