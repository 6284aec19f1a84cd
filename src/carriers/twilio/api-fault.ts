interface FaultFields {
  /**
   * - `unreachable`: nothing left (DNS, TCP, TLS, proxy).
   * - `lost`: bytes left and no answer came.
   * - `unreadable`: it was taken (2XX), and the answer can't be read.
   * - `answered`: a status other than 2XX.
   */
  kind: 'unreachable' | 'lost' | 'unreadable' | 'answered';
  status?: number;
  /** Node's code of a network fault. */
  code?: string;
  twilioCode?: number;
  words?: string;
  retryAfterMs?: number;
}

/** A call to Twilio that gave no answer of 2XX to read. Holds no part of the request. */
export class ApiFault extends Error implements FaultFields {
  readonly kind: FaultFields['kind'];
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly twilioCode: number | undefined;
  readonly words: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(fields: FaultFields) {
    super(`Twilio's API: ${fields.kind} ${fields.twilioCode ?? fields.status ?? fields.code ?? ''}`.trimEnd());
    this.name = 'ApiFault';
    this.kind = fields.kind;
    this.status = fields.status;
    this.code = fields.code;
    this.twilioCode = fields.twilioCode;
    this.words = fields.words;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** Twilio refuses this question, not us. */
export function isAboutThisOne(fault: unknown): boolean {
  return fault instanceof ApiFault && (fault.status === 400 || fault.status === 404 || fault.status === 410);
}
