/** What guards of channels count and look at. */

export interface Spending {
  platform: string;
  channel: string;
  /** `2026-11-21`, as the channel's clock shows it. */
  day: string;
  /** SMS on air. */
  segments: number;
  /** Of the day, in all. */
  cap: number;
}

export interface Spent {
  /** False: the day has no room for so many, and nothing was counted. */
  granted: boolean;
  /** Counted for the day, these included when they were. */
  total: number;
}
