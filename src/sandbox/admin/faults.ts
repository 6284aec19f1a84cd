import type {AdminRequest} from './server.ts';

/** How calls are answered otherwise. */
export interface AdminFault {
  method?: string;
  path?: RegExp;
  /** How many calls it is for; without it, all until it is taken back. */
  times?: number;
  status?: number;
  headers?: Record<string, string>;
  /** Text goes out as it is, anything else as JSON. */
  body?: unknown;
  /** No answer: the connection ends, or stays open. */
  silence?: 'drop' | 'hang';
  /** Waits so long before it answers. */
  delayMs?: number;
  /** Whether the call is carried out all the same. */
  processed?: boolean;
}

/** What a proxy or a log-in page answers. */
export const webPage: AdminFault = {
  status: 200,
  headers: {'content-type': 'text/html'},
  body: '<!doctype html>\n<html><title>Sign in</title></html>\n',
};

export function createAdminFaults() {
  const rules: Array<{fault: AdminFault; left: number}> = [];

  return {
    /** The function answered takes it back. */
    add(fault: AdminFault): () => void {
      const rule = {fault, left: fault.times ?? Number.POSITIVE_INFINITY};
      rules.push(rule);
      return () => {
        rule.left = 0;
      };
    },
    /** The oldest fault for this call, counted down. */
    next(request: AdminRequest): AdminFault | undefined {
      const rule = rules.find(({fault, left}) => left > 0 && fits(fault, request));
      if (rule !== undefined) rule.left -= 1;
      return rule?.fault;
    },
  };
}

function fits({method, path}: AdminFault, request: AdminRequest): boolean {
  return (method ?? request.method) === request.method && (path?.test(request.path) ?? true);
}
