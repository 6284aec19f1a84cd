export interface WantedBlock {
  count: number;
  /** As many as this in a second that is `longerMs` longer. */
  ratePerSecond: number;
  longerMs: number;
  /** None of them sooner than this from now: the answer takes a while. */
  leadMs: number;
}

/** By the store's clock, Unix ms: when the first is, what the time was when it was asked, and how far apart they are. */
export interface PaceTimes {
  at: number;
  now: number;
  everyMs: number;
}

/** What replicas on one store share. */
export interface ReplicaShares {
  /** Times at which segments may leave, that nobody else is given for this key. */
  paceBlock(key: string, wanted: WantedBlock): Promise<PaceTimes>;
  /**
   * The slots of an account, numbered from 0 to `count` - 1, that this replica may use: its fair part, and never one that another has. It is told
   * fewer when there are more replicas: then it gives the others back once nothing uses them any more. To be asked again every few seconds.
   */
  leaseSlots(account: string, count: number): Promise<number[]>;
  returnSlots(account: string, slots: number[]): Promise<void>;
  /** The name under which leases are held at present; undefined: what was leased under any may be another replica's already. */
  standing(): number | undefined;
  /** For how long from now what was leased is certainly still this replica's; 0 or less: it may be another's already. */
  leasedForMs(): number;
  /** What time it is by the store's clock, as it was told last, Unix ms; NaN while it is not known. */
  now(): number;
}
