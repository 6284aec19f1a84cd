import {acceptCases} from './contract/accept.ts';
import {againCases} from './contract/again.ts';
import {auditCases} from './contract/audit.ts';
import {consentCases} from './contract/consent.ts';
import {deadLetterCases} from './contract/dead-letters.ts';
import {guardCases} from './contract/guards.ts';
import type {OpenFresh} from './contract/kit.ts';
import {laneCases} from './contract/lanes.ts';
import {lateWordCases} from './contract/late-words.ts';
import {offerCases} from './contract/offers.ts';
import {orphanCases} from './contract/orphans.ts';
import {partCases} from './contract/parts.ts';
import {peopleCases} from './contract/people.ts';
import {privacyCases} from './contract/privacy.ts';
import {pruneCases} from './contract/prune.ts';
import {receiptCountCases} from './contract/receipt-counts.ts';
import {receiptCases} from './contract/receipts.ts';
import {segmentCases} from './contract/segments.ts';
import {startAtOnceCases} from './contract/start-at-once.ts';
import {stopCases} from './contract/stop.ts';
import {stopTextsCases} from './contract/stop-texts.ts';
import {tallyCases} from './contract/tally.ts';

/** Every promise of `src/store/store.ts`, for any engine. */
export function storeContract(openFresh: OpenFresh): void {
  acceptCases(openFresh);
  laneCases(openFresh);
  offerCases(openFresh);
  startAtOnceCases(openFresh);
  lateWordCases(openFresh);
  segmentCases(openFresh);
  receiptCases(openFresh);
  againCases(openFresh);
  receiptCountCases(openFresh);
  orphanCases(openFresh);
  partCases(openFresh);
  stopCases(openFresh);
  stopTextsCases(openFresh);
  consentCases(openFresh);
  guardCases(openFresh);
  peopleCases(openFresh);
  deadLetterCases(openFresh);
  tallyCases(openFresh);
  auditCases(openFresh);
  pruneCases(openFresh);
  privacyCases(openFresh);
}
