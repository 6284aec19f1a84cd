/**
 * One structured line. `event` is a code of the catalogue (`bind.lost`), `fields` its particulars; phone numbers in fields called
 * `phone`, `from` and `to` are masked by the sink. Never a text, never a secret, never a library's error object.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Record<string, string | number | boolean | undefined>;
