/** Nothing was stored; the caller says "later" (503, 0x64). */
export class StoreUnavailable extends Error {
  readonly retryAfterSeconds: number;

  constructor(message: string, options?: {cause?: unknown; retryAfterSeconds?: number}) {
    super(message, options);
    this.name = 'StoreUnavailable';
    this.retryAfterSeconds = options?.retryAfterSeconds ?? 5;
  }
}
