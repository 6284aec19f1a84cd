import type {Reason, ReasonCode} from '../../core/message.ts';
import type {Refused, Unavailable, Unknown} from '../../core/outcome.ts';

/**
 * What an error code means for us. In the answer to a create the action decides the outcome, in a status callback only the reason and
 * whether the sender is at fault.
 *
 * - `retry`: certainly not sent, passes by itself.
 * - `throttle`: too fast, for this sender unless the code is the account's; `dayCap`: enough for today, nothing before tomorrow.
 * - `optOut`, `recipient`, `content`, `compliance`, `refuse` (for a reason of its own): this text never will.
 * - `configuration`: nothing of this sender will pass until somebody mends it.
 * - `unknown`: it may have been sent.
 */
export const errorActions = [
  'retry',
  'throttle',
  'dayCap',
  'optOut',
  'recipient',
  'content',
  'compliance',
  'refuse',
  'configuration',
  'unknown',
] as const;

export type ErrorAction = (typeof errorActions)[number];

export type ErrorOverrides = Readonly<Record<string, ErrorAction>>;

/** Twilio's dictionary (twilio.com/docs/api/errors), the codes a message can meet; others by range. */
const codesByAction: Record<ErrorAction, readonly number[]> = {
  retry: [30003, 30008, 30017, 30020, 30021, 30036, 30410, 63009, 63010, 63012],
  throttle: [20429, 21611, 14107, 30001, 30022, 63017, 63018],
  dayCap: [63038, 30023, 30027],
  optOut: [21610, 63014, 63032, 63033],
  recipient: [21211, 21217, 21604, 21608, 21612, 21614, 30004, 30005, 30006, 30011, 63003, 63015, 63024],
  content: [
    21602, 21617, 21618, 21619, 21620, 21623, 11751, 21654, 21655, 21656, 21657, 21658, 30007, 30019, 63005, 63013,
    63016, 63019, 63021, 63028, 63034,
  ],
  compliance: [30450, 30610, 30640, 21408],
  refuse: [],
  configuration: [
    20003, 20005, 20006, 20010, 20404, 21603, 21606, 21609, 21621, 21622, 21701, 21702, 21703, 21704, 21705, 21709,
    30002, 30018, 30024, 30032, 30033, 30034, 30035, 63001, 63002, 63007, 63008, 63020,
  ],
  unknown: [20500, 20503],
};

const actionByCode = new Map<number, ErrorAction>(
  Object.entries(codesByAction).flatMap(([action, codes]) => codes.map(code => [code, action as ErrorAction] as const)),
);

const reasonByAction = {
  retry: 'GeneralError',
  throttle: 'RateLimited',
  dayCap: 'RateLimited',
  optOut: 'RecipientOptedOut',
  recipient: 'InvalidDestination',
  content: 'UnsupportedMessage',
  compliance: 'MessageNotAllowed',
  refuse: 'GeneralError',
  configuration: 'ServerError',
  unknown: 'GeneralError',
} satisfies Record<ErrorAction, ReasonCode>;

/** Where the code says more than its class. */
const reasonByCode: Readonly<Record<string, ReasonCode>> = {
  21602: 'InvalidMessageStructure',
  21608: 'MessageNotAllowed',
  21617: 'InvalidMessageStructure',
  21618: 'InvalidMessageStructure',
  21619: 'InvalidMessageStructure',
  21620: 'MediaTypeNotAllowed',
  21623: 'InvalidMediaContentLength',
  11751: 'InvalidMediaContentLength',
  30004: 'MessageNotAllowed',
  30007: 'MessageNotAllowed',
  30011: 'MediaTypeNotAllowed',
  30017: 'ServerError',
  30019: 'InvalidMediaContentLength',
  30020: 'ServerError',
  30021: 'ServerError',
  30036: 'MessageExpired',
  30410: 'ServerError',
  63009: 'ServerError',
  63010: 'ServerError',
  63012: 'ServerError',
  63013: 'MessageNotAllowed',
  63016: 'MessageNotAllowed',
  63019: 'MediaTypeNotAllowed',
  63028: 'InvalidMessageStructure',
};

/** The action for a code: the operator's, the table's, or its range's (20xxx configuration, 30xxx passes, others never). */
export function toErrorAction(code: number, overrides: ErrorOverrides): ErrorAction {
  return overrides[code] ?? actionByCode.get(code) ?? byRange(code);
}

/** More API calls at once than the account may make; every other throttling is one sender's. */
const accountThrottling: readonly number[] = [20429];

/** Whom a throttling slows. */
export function toThrottled(code: number): {of?: 'sender'} {
  return accountThrottling.includes(code) ? {} : {of: 'sender'};
}

/** What the platform is told. The code is always shown: Twilio's words for one cause may change. */
export function toReason(code: number, words: string, overrides: ErrorOverrides): Reason {
  const byCode = overrides[code] === undefined ? reasonByCode[code] : undefined;
  const message = words === '' ? `Twilio error ${code}` : `Twilio error ${code}: ${words}`;
  return {code: byCode ?? reasonByAction[toErrorAction(code, overrides)], message};
}

/** An error code Twilio answered to a create. */
export function toErrorOutcome(
  action: ErrorAction,
  reason: Reason,
  retryAfterMs?: number,
): Refused | Unavailable | Unknown {
  const wait = retryAfterMs === undefined ? {} : {retryAfterMs};
  switch (action) {
    case 'retry':
      return {kind: 'unavailable', scope: 'message', reason, ...wait};
    case 'throttle':
      return {kind: 'unavailable', scope: 'throttled', reason, ...wait};
    case 'dayCap':
      return {kind: 'unavailable', scope: 'queue', reason, ...wait};
    case 'configuration':
      return {kind: 'unavailable', scope: 'queue', reason};
    case 'optOut':
    case 'recipient':
    case 'content':
    case 'compliance':
    case 'refuse':
      return {kind: 'refused', scope: 'message', reason};
    case 'unknown':
      return {kind: 'unknown', reason};
  }
}

function byRange(code: number): ErrorAction {
  if (code >= 20000 && code < 21000) return 'configuration';
  if (code >= 21650 && code < 21670) return 'configuration';
  if (code >= 30000 && code < 31000) return 'retry';
  return 'refuse';
}
