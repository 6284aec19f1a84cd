import {lockingTables} from './locking-tables.ts';
import {singleTables} from './single-tables.ts';

/** Which national tables a text uses (3GPP TS 23.040 9.2.3.24.15 and .16): language codes of TS 23.038 6.2.1.2.4. */
export interface Shifts {
  /** What an escape means. */
  single?: number;
  /** What a septet without escape means. */
  locking?: number;
}

/** Undefined for an unknown language: the default tables apply. */
export function singleShift(language: number | undefined): Readonly<Record<number, string>> | undefined {
  return language === undefined ? undefined : singleTables[language];
}

export function lockingShift(language: number | undefined): string | undefined {
  return language === undefined ? undefined : lockingTables[language];
}
