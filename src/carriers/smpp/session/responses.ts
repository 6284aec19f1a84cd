import type {Log} from '../../../core/log.ts';
import type {Pdu} from '../codec.ts';
import {formatStatus, isSessionFault} from '../status.ts';
import type {InFlight} from './in-flight.ts';
import type {Liveness} from './liveness.ts';

export interface ResponsesOptions {
  log: Log;
  inFlight: InFlight;
  liveness: Liveness;
  isBinding(): boolean;
  onBind(pdu: Pdu): void;
  /** We said good-bye, or are about to. */
  isLeaving(): boolean;
  onUnbound(): void;
  /** The far side answers, and knows of no bind: nothing would ever come by this link again. */
  onNotBound(why: string): void;
}

/** Who waits for which answer of the far side. */
export function createResponses(options: ResponsesOptions): (pdu: Pdu) => void {
  const {log, inFlight, liveness, isBinding} = options;

  return pdu => {
    const isNack = pdu.command === 'generic_nack';
    if (isBinding()) {
      if (isNack || pdu.command.startsWith('bind_')) options.onBind(pdu);
      return;
    }
    const isLinkAnswer = pdu.command === 'enquire_link_resp';
    if (pdu.command === 'unbind_resp' && options.isLeaving()) options.onUnbound();
    else if ((isLinkAnswer || isNack) && liveness.answer(pdu.sequence)) onAlive(pdu);
    else if (!isLinkAnswer && !inFlight.answer(pdu)) onUnexpected(pdu);
  };

  function onAlive({command, sequence, status}: Pdu): void {
    if (command === 'generic_nack') log.debug('pdu.nacked', {sequence});
    if (isSessionFault(status)) options.onNotBound(`the SMSC says it is not bound: ${formatStatus(status)}`);
  }

  /** Nobody waits for it: perhaps the two sides no longer agree where they are. */
  function onUnexpected(pdu: Pdu): void {
    log.warn('pdu.unexpected', {command: pdu.command, sequence: pdu.sequence, commandStatus: pdu.status});
    if (pdu.command === 'generic_nack') liveness.ask();
  }
}
