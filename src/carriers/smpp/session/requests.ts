import type {Log} from '../../../core/log.ts';
import type {Pdu} from '../codec.ts';
import {status} from '../status.ts';

/** What the far side asks of us, each answered: an SMSC that gets no answer stops delivering. */
export interface Requests {
  handle(pdu: Pdu): void;
  /** Deliveries being stored. */
  readonly delivering: number;
}

export interface DeliveryAnswer {
  status: number;
  /** Called once the answer is in the kernel. */
  flushed?: () => void;
}

export interface RequestsOptions {
  log: Log;
  isBound(): boolean;
  respond(command: string, sequence: number, status?: number, flushed?: () => void): void;
  /** deliver_sm or data_sm. Never rejects. */
  onDelivery(pdu: Pdu): Promise<DeliveryAnswer>;
  onDelivered(): void;
  onUnbind(sequence: number): void;
  onOutbind(): void;
}

export function createRequests({log, isBound, respond, ...on}: RequestsOptions): Requests {
  let delivering = 0;

  return {
    handle,
    get delivering() {
      return delivering;
    },
  };

  function handle(pdu: Pdu): void {
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        void deliver(pdu);
        break;
      case 'enquire_link':
        respond('enquire_link_resp', pdu.sequence);
        break;
      case 'unbind':
        on.onUnbind(pdu.sequence);
        break;
      case 'outbind':
        on.onOutbind();
        break;
      case 'alert_notification':
        log.info('pdu.ignored', {command: pdu.command});
        break;
      case 'unknown':
        log.warn('pdu.unknown', {sequence: pdu.sequence});
        respond('generic_nack', pdu.sequence, status.invalidCommand);
        break;
      default:
        respond(`${pdu.command}_resp`, pdu.sequence, status.invalidCommand);
    }
  }

  async function deliver(pdu: Pdu): Promise<void> {
    const command = `${pdu.command}_resp`;
    if (!isBound()) {
      respond(command, pdu.sequence, status.temporaryAppError);
      return;
    }
    delivering += 1;
    const answer = await on.onDelivery(pdu);
    respond(command, pdu.sequence, answer.status, answer.flushed);
    delivering -= 1;
    on.onDelivered();
  }
}
