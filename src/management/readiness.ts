import type {CarrierStatus} from '../carriers/carrier.ts';
import type {Readiness} from './parts.ts';
import {inTime, patienceMs} from './patience.ts';

/** Of the public port: it takes nothing yet, it takes, it still takes and soon will not. */
export type Phase = 'starting' | 'serving' | 'stopping';

export interface ReadinessOptions {
  phase(): Phase;
  /** Rejects while nothing can be stored. */
  probe(): Promise<void>;
  carriers(): readonly CarrierStatus[];
  /** So long the store may take. */
  waitMs?: number;
}

/** Whether webhooks may be sent here: one that is told so must find the port open. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const {phase, probe, carriers, waitMs = patienceMs} = options;
  return async () => {
    const store = await inTime(probe(), waitMs).then(
      () => 'ok',
      error => String(error.message),
    );
    const now = phase();
    const told = Object.fromEntries(carriers().map(({name, state}) => [`carrier ${name}`, state]));
    const checks = {store, starting: toWord(now === 'starting'), stopping: toWord(now === 'stopping'), ...told};
    return {ready: store === 'ok' && now === 'serving', checks};
  };
}

function toWord(is: boolean): string {
  return is ? 'yes' : 'no';
}
