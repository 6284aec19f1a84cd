import type {Phase} from '../core/breaker.ts';

/** For people: `GET /api/carriers`. */
export interface CarrierStatus {
  name: string;
  type: string;
  /** In words: `bound`, `connecting`, `refused: invalid password`. */
  state: string;
  /** Unix ms since when it is up, or is not, however often it was tried meanwhile. */
  since: number;
  usable: boolean;
  /** Whether texts leave by it after what it answered them; told by the relay, not by the carrier. */
  breaker?: Phase;
  /** Other replicas have all its links. */
  standby?: boolean;
  /** The configuration no longer has it: it ends when nothing waits for it any more. */
  leaving?: boolean;
  window: {size: number; used: number};
  links: LinkStatus[];
}

export interface LinkStatus {
  name: string;
  state: string;
  since: number;
  detail?: string;
  window?: {size: number; used: number};
  /** Submissions of the last whole second. */
  perSecond?: number;
  /** Percentiles of the last few hundred answers, ms. */
  responseMs?: {p50: number; p95: number; p99: number};
}
