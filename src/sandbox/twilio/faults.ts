/** How the pretend Twilio may misbehave. */

/** What becomes of one create. `taken` ones are kept and played on though the caller never reads so. */
export type CreateFault =
  | {kind: 'answer'; status: number; code?: number; message?: string; retryAfter?: string; html?: boolean}
  | {kind: 'lost-answer'}
  | {kind: 'cut-answer'}
  | {kind: 'garbled-answer'}
  | {kind: 'reset'}
  | {kind: 'silence'}
  | {kind: 'slow'; ms: number};

export interface Behaviour {
  /** `early`: before the 201. `none`: no callback is ever sent, `dropped`: all but the final one are. */
  callbacks: 'normal' | 'early' | 'reversed' | 'doubled' | 'dropped' | 'none';
  /** The last word: `delivered`, `undelivered`, `failed`, or `sent` for one that never gets a receipt. */
  finalStatus: string;
  errorCode: number | undefined;
}

export const goodBehaviour: Behaviour = {callbacks: 'normal', finalStatus: 'delivered', errorCode: undefined};

export function isTakenDespite(fault: CreateFault | undefined): boolean {
  return fault === undefined || !['answer', 'reset', 'silence'].includes(fault.kind);
}
