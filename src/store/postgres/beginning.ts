import type {Address} from './address.ts';

/**
 * The plan of each statement is pinned to its index (see `lookups.ts` too): without fresh statistics the planner sorts or hashes the whole backlog,
 * or walks another index that happens to hold all it wants. A statement that waits for a lock or a process that hangs in a transaction must not hold
 * up the other replicas for ever.
 */
const common: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_indexonlyscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  lock_timeout: '10s',
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '30s',
  // Whatever the role's or the database's own setting says: what was answered is on disk, on that of a synchronous standby too.
  synchronous_commit: 'on',
};

/** A plan made when the tables were small is not kept until somebody counts them again. */
const replanMs = 5000;

/** @returns what is sent before the statements of a transaction */
export function createBeginning(
  {schema, isPooled}: Address,
  settings: Readonly<Record<string, string>>,
  isReadOnly: boolean,
): () => string {
  const all = Object.entries({search_path: schema, ...common, ...settings});
  const beginning = [
    `begin isolation level read committed${isReadOnly ? ' read only' : ''}`,
    ...all.map(([name, value]) => `set local ${name} = '${value}'`),
  ].join('; ');
  let plannedAt = Number.NEGATIVE_INFINITY;

  return () => {
    const now = performance.now();
    // Behind a pooler nothing is prepared, so each plan is new.
    if (isPooled || now - plannedAt < replanMs) return beginning;
    plannedAt = now;
    return `${beginning}; discard plans`;
  };
}
