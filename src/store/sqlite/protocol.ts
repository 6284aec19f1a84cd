import type {OutboundBounds} from '../ledger.ts';
import type {Room} from '../offers.ts';
import type {Claim} from '../store.ts';
import type {Secrecy} from '../vault.ts';

/** What crosses between the event loop and the worker, each as flat text: cloning many small objects costs more. */

export interface WorkerOptions {
  file: string;
  bounds: OutboundBounds;
  /** Undefined: rows are only moved, and whether they can be opened is no matter. */
  secrecy?: Secrecy | undefined;
  now: number;
  /** An operator says that it is a backup. */
  isRestored?: boolean | undefined;
  /** The most pages the file may have; undefined: as many as the disk holds. */
  maxPages: number | undefined;
}

export type Request = {kind: 'group'; now: number; calls: Call[]; rooms: readonly Room[]} | {kind: 'close'};

/** Of a store that was set aside: why, and how much. */
export interface Restored {
  why: string;
  count: number;
}

export type Call = [name: string, args: unknown[]];

export type Reply =
  | {kind: 'opened'; ready: string[]; restored: Restored | undefined}
  | {kind: 'refused'; why: string}
  | ({kind: 'group'} & Carried)
  | {kind: 'closed'};

/** What became of a group of calls. */
export interface Carried {
  results: CallResult[];
  /** Names of queues with a new head to claim. */
  ready: string[];
  /** Jobs for which there was room. */
  claims: Claim[];
}

export type CallResult = {value?: unknown} | {failed: Failure};

/** `unavailable`: nothing was stored, later it may be. `fault`: this call can't be carried out. No values of rows, no library's error. */
export interface Failure {
  kind: 'unavailable' | 'fault';
  message: string;
}
