/** One thing that was checked. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  /** For programs: `messaging_service_overrides`. */
  code: string;
  /** A sentence; of a problem, what to do about it. */
  message: string;
}

export function ok(code: string, message: string): Finding {
  return {level: 'ok', code, message};
}

export function warning(code: string, message: string): Finding {
  return {level: 'warning', code, message};
}

export function problem(code: string, message: string): Finding {
  return {level: 'problem', code, message};
}
