import type {Log} from '../../../core/log.ts';
import type {Pdu} from '../codec.ts';
import type {InFlight} from './in-flight.ts';
import type {Liveness} from './liveness.ts';

export interface ResponsesOptions {
  log: Log;
  inFlight: InFlight;
  liveness: Liveness;
  isBinding(): boolean;
  onBind(pdu: Pdu): void;
  onUnbound(): void;
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
    if (pdu.command === 'unbind_resp') options.onUnbound();
    else if (pdu.command === 'enquire_link_resp') liveness.answer(pdu.sequence);
    else if (isNack && liveness.answer(pdu.sequence)) log.debug('pdu.nacked', {sequence: pdu.sequence});
    else if (!inFlight.answer(pdu)) onUnexpected(pdu);
  };

  /** Nobody waits for it: perhaps the two sides no longer agree where they are. */
  function onUnexpected(pdu: Pdu): void {
    log.warn('pdu.unexpected', {command: pdu.command, sequence: pdu.sequence, commandStatus: pdu.status});
    if (pdu.command === 'generic_nack') liveness.ask();
  }
}
