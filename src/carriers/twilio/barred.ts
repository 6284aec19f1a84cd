import type {Outcome} from '../../core/outcome.ts';
import type {CarrierContext} from '../carrier.ts';
import {type ErrorOverrides, toErrorAction} from './errors.ts';

/** Filtered as spam by a network: each one counts against the sender's good name. */
const filtered: readonly number[] = [30007];

/** Fraud, law and good name: such a text fails like any other, and somebody should look at why it was sent at all. */
export function createBarred({name, log}: Pick<CarrierContext, 'name' | 'log'>, overrides: ErrorOverrides) {
  function tell(code: number, messageId: string | undefined): void {
    const action = toErrorAction(code, overrides);
    if (action !== 'compliance' && !filtered.includes(code)) return;
    log.warn('twilio.text_barred', {carrier: name, messageId, twilioCode: code});
  }

  return {
    tell,
    /** In the answer to a create. */
    tellOutcome(outcome: Outcome, messageId: string): void {
      const code = outcome.detail?.twilioCode;
      if (outcome.kind === 'refused' && typeof code === 'number') tell(code, messageId);
    },
  };
}

export type Barred = ReturnType<typeof createBarred>;
