import type {CarrierStatus} from '../carriers/carrier.ts';
import type {HealthStatus} from '../core/breaker.ts';

/** A carrier as it is for texts: one whose breaker is not closed takes none, whatever its links say. */
export function withHealth(status: CarrierStatus, healths: readonly HealthStatus[]): CarrierStatus {
  const health = healths.find(({kind, name}) => kind === 'carrier' && name === status.name);
  if (health === undefined) return status;
  const {breaker, since, why = ''} = health;
  if (breaker === 'closed' || !status.usable) return {...status, breaker};
  const state = breaker === 'open' ? `resting: ${why}` : `trying again: ${why}`;
  return {...status, breaker, usable: false, state, since};
}
