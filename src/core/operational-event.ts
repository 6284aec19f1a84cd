/** An event an operator may have to act on: a line of the log of level warn or error whose code stands in the catalogue. */
export interface CatalogueEntry {
  /** As it stands in the log, `bind.lost`. */
  code: string;
  severity: Severity;
  /** What it means. */
  sentence: string;
  whatToDo: string;
}

/**
 * - `critical`: something waits until somebody acts.
 * - `warning`: something is wrong; the gateway goes on by itself, or it will be critical when it lasts.
 * - `notice`: worth knowing.
 */
export type Severity = 'critical' | 'warning' | 'notice';
