/** The store can't be used as configured; waiting does not help. `main.ts` prints the sentence and ends with 78 (sysexits EX_CONFIG). */
export class StoreRefused extends Error {
  readonly exitCode = 78;

  constructor(message: string, options?: {cause?: unknown}) {
    super(message, options);
    this.name = 'StoreRefused';
  }
}
