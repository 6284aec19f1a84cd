import type {Store} from '../store.ts';
import type {Db, Work} from '../work.ts';
import {acceptInbound, forgetFingerprints} from './accept-inbound.ts';
import {acceptOutbound, acceptUnreadable} from './accept-outbound.ts';
import {audit, audits, endAudit} from './audit.ts';
import {consents, setConsent} from './consent.ts';
import {find} from './find.ts';
import {deadLetters, get, note, raw} from './look.ts';
import {passConsent, purgePhone} from './orders.ts';
import {holdPart, overdueParts} from './parts.ts';
import {prune} from './prune.ts';
import {receipt} from './receipt.ts';
import {receiptCounts} from './receipt-counts.ts';
import {replaceUnreadable, replay} from './replay.ts';
import {dueWatches, resolve} from './resolve.ts';
import {isClaimed, sent} from './sent.ts';
import {settle} from './settle.ts';
import {start} from './start.ts';
import {clearGate, depths, gates, purge, setGate} from './stop.ts';
import {tally} from './tally.ts';

/** What the contract promises, as an operation. */
export type Operation<Name extends Exclude<keyof Store, 'replicas'>> = (
  db: Db,
  ...args: Parameters<Store[Name]>
) => Work<Awaited<ReturnType<Store[Name]>>>;

/** Those that are the same on every engine. */
export const operations = {
  acceptOutbound,
  acceptUnreadable,
  acceptInbound,
  forgetFingerprints,
  holdPart,
  overdueParts,
  receipt,
  start,
  settle,
  resolve,
  sent,
  isClaimed,
  dueWatches,
  gates,
  setGate,
  clearGate,
  purge,
  setConsent,
  consents,
  passConsent,
  purgePhone,
  find,
  get,
  note,
  deadLetters,
  raw,
  replaceUnreadable,
  replay,
  depths,
  receiptCounts,
  tally,
  audit,
  endAudit,
  audits,
  prune,
} satisfies {
  [Name in Exclude<keyof Store, 'claim' | 'claimOverdue' | 'replicas' | 'probe' | 'close'>]: Operation<Name>;
};
