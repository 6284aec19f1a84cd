/** Which national tables a text uses (3GPP TS 23.040 9.2.3.24.15 and .16): language codes of TS 23.038 6.2.1.2.4. */
export interface Shifts {
  /** What an escape means. */
  single?: number;
  /** What a septet without escape means. */
  locking?: number;
}

/** An unknown language falls back to the default tables. */
export function singleShift(_language: number | undefined): Readonly<Record<number, string>> | undefined {
  return undefined;
}

export function lockingShift(_language: number | undefined): string | undefined {
  return undefined;
}
