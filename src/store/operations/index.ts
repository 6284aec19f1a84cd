import type {Store} from '../store.ts';
import type {Db, Work} from '../work.ts';
import {acceptInbound, forgetFingerprints} from './accept-inbound.ts';
import {acceptOutbound, acceptUnreadable} from './accept-outbound.ts';
import {addDone, audit, audits, endAudit} from './audit.ts';
import {consents, setConsent} from './consent.ts';
import {countDeadLetters, deadLetters} from './dead-letters.ts';
import {dossier, looseEnds} from './dossier.ts';
import {find} from './find.ts';
import {forgetMore, forgetOrders, forgetRest, forgetUnreadable, orderForget} from './forget.ts';
import {exchange, spend} from './guards.ts';
import {holdings} from './holdings.ts';
import {get, note, raw} from './look.ts';
import {passConsent, purgePhone} from './orders.ts';
import {holdPart, overdueParts} from './parts.ts';
import {prune} from './prune.ts';
import {receipt} from './receipt.ts';
import {receiptCounts} from './receipt-counts.ts';
import {replaceUnreadable, replay} from './replay.ts';
import {isTidyOwed, reseal} from './reseal.ts';
import {dueWatches, resolve} from './resolve.ts';
import {isClaimed, sent} from './sent.ts';
import {settle} from './settle.ts';
import {start} from './start.ts';
import {clearGate, depths, gates, purge, setGate} from './stop.ts';
import {countTexts, hastenTexts, purgeTexts, underWay} from './sweep.ts';
import {tally} from './tally.ts';
import {replaceUnroutable, unroutable} from './unroutable.ts';

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
  exchange,
  spend,
  dueWatches,
  gates,
  setGate,
  clearGate,
  purge,
  underWay,
  countTexts,
  purgeTexts,
  hastenTexts,
  setConsent,
  consents,
  passConsent,
  purgePhone,
  find,
  get,
  note,
  deadLetters,
  countDeadLetters,
  raw,
  replaceUnreadable,
  unroutable,
  replaceUnroutable,
  replay,
  depths,
  receiptCounts,
  tally,
  audit,
  endAudit,
  addDone: (_db: Db, id: string, count: number) => addDone(id, count),
  audits,
  prune,
  holdings,
  dossier,
  looseEnds,
  orderForget,
  forgetOrders,
  forgetMore,
  forgetUnreadable,
  forgetRest,
  isTidyOwed,
  reseal,
} satisfies {
  [Name in Exclude<keyof Store, 'claim' | 'claimOverdue' | 'replicas' | 'probe' | 'tidy' | 'close'>]: Operation<Name>;
};
