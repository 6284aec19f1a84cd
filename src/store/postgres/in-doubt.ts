import {toState} from './failure.ts';

const againMs = 250;

export interface InDoubt {
  transactionId: string;
  query(text: string, values: unknown[]): Promise<Array<Record<string, unknown>>>;
  /** Nobody waits for it any more. */
  isOver(): boolean;
}

/** The answer to a commit was lost: it is asked for until somebody knows. */
export async function wasCommitted({transactionId, query, isOver}: InDoubt): Promise<boolean> {
  for (;;) {
    const status = await statusOf(transactionId, query);
    if (status === 'committed') return true;
    if (status === 'aborted' || isOver()) return false;
    await new Promise(resolve => setTimeout(resolve, againMs));
  }
}

async function statusOf(transactionId: string, query: InDoubt['query']): Promise<unknown> {
  try {
    const [row] = await query('select pg_xact_status($1::xid8) as status', [transactionId]);
    return row?.status ?? 'aborted';
  } catch (error) {
    // Of a transaction it never heard of: this server has taken the place of the one that is lost.
    return toState(error) === '22023' ? 'aborted' : undefined;
  }
}
