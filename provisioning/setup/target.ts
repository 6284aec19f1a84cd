/** One thing of an outside system that the configuration says how it should be. */
export interface Target {
  /** For people, and what a backup calls it: `https://digital.example.com service Async`. */
  name: string;
  /** Reads what stands there; changes nothing. */
  look(): Promise<Look>;
  /** Puts back what a backup kept of it (`Look.before`). `stays`: there was nothing, and the system knows no deleting. */
  restore(before: unknown): Promise<'put back' | 'stays'>;
}

export interface Look {
  /** What stands there, whole; undefined when there is nothing, or it can't be read. */
  before: unknown;
  /** The difference to what should stand there, secrets masked. None: nothing to do. */
  changes: readonly Change[];
  /** What a person should know and need not mend. */
  notes: readonly string[];
  /** Why it is not written unasked; each says what to do. */
  objections: readonly string[];
  /** Whether a change can be seen once it is made. */
  readable: boolean;
  /** To be written although no difference can be seen. */
  rewrite: boolean;
  apply(): Promise<void>;
}

export interface Change {
  sign: '+' | '-' | '~';
  text: string;
}

export const mask = '********';

export type Trouble =
  /** It wants a word from the person first. */
  | 'held back'
  /** The configuration file has mistakes. */
  | 'config'
  /** The system said no. */
  | 'refused'
  /** Key or password refused, or lacking a right. */
  | 'forbidden'
  /** Not reached, failing, or not answering: may be run again. */
  | 'unavailable';

/** A sentence for the person that says what to do next. Never a secret. */
export class ProvisionError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message: string) {
    super(message);
    this.name = 'ProvisionError';
    this.trouble = trouble;
  }
}
