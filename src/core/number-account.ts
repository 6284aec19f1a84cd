/** What provisioning does with the numbers of one account at a carrier. Its errors are sentences without a secret. */
export interface NumberAccount {
  /** Where a number's texts go; changes nothing. */
  look(address: string): Promise<NumberLook>;
  /** Has its texts come to this gateway. Doing it again does no harm. */
  point(address: string): Promise<void>;
  /** Has its texts come here no more: nobody gets them then. A number that points elsewhere stays as it is. */
  release(address: string): Promise<void>;
  /** Has them go where they went before, as `NumberLook.before` has it. */
  putBack(before: unknown): Promise<void>;
  close(): void;
}

export interface NumberLook {
  /** Whether the account has this number. */
  found: boolean;
  /** Its texts come here, whatever else is to be changed. */
  isHere: boolean;
  /** For `putBack`: plain data, no secret in it. */
  before: unknown;
  /** What pointing it would change, a line each; none: its texts come here. */
  changes: readonly string[];
  /** Why its texts would come here also when it is released: only a person can change that. */
  comesAnyway: string | undefined;
  /** What else a person should know. */
  notes: readonly string[];
  /** Another product whose number this is: pointing it takes it from there. */
  takenFrom: string | undefined;
}
