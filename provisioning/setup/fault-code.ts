/** Why a call was not answered, as Node.js and undici call it: `ECONNREFUSED`; a time limit has a number for a code. */
export function toCode(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'TimeoutError' ? 'none in time' : 'no answer';
}

/** Nothing was sent: what was copied with a blank of no width, or a line break, can't stand in a header. */
export function isInvalid(error: unknown): boolean {
  return toCode(error) === 'UND_ERR_INVALID_ARG';
}
