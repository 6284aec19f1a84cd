import test from 'ava';
import {
  type ErrorAction,
  type ErrorOverrides,
  toErrorAction,
  toErrorOutcome,
  toReason,
} from '../../../src/carriers/twilio/errors.ts';
import {toReceipt} from '../../../src/carriers/twilio/status.ts';
import type {ReasonCode} from '../../../src/core/message.ts';

/** A code, what it means for us, and what Nexus is told. */
const means = test.macro({
  exec: (t, codes: number[], action: ErrorAction, reason: ReasonCode, overrides: ErrorOverrides = {}) => {
    for (const code of codes) {
      t.is(toErrorAction(code, overrides), action, String(code));
      t.like(toReason(code, 'words', overrides), {code: reason, message: `Twilio error ${code}: words`});
      const form = [
        ['MessageSid', `SM${'a'.repeat(32)}`],
        ['MessageStatus', 'undelivered'],
        ['ErrorCode', String(code)],
      ] as const;
      const state = reason === 'MessageExpired' ? 'expired' : 'failed';
      t.like(toReceipt(form, 0, overrides), {state, final: true, reason: {code: reason}}, String(code));
    }
  },
  title: (title = '', codes: number[], action, reason) => `${title}: ${codes.join(', ')} → ${action}, ${reason}`,
});

test('too fast', means, [20429, 21611, 14107, 30001, 30022, 63017, 63018], 'throttle', 'RateLimited');
test('enough for today', means, [63038, 30023, 30027], 'dayCap', 'RateLimited');
test('passes', means, [30003, 30008], 'retry', 'GeneralError');
test('passes, in the network', means, [30017, 30020, 30021, 30410, 63009, 63010, 63012], 'retry', 'ServerError');
test('expired in the queue', means, [30036], 'retry', 'MessageExpired');
test('opted out', means, [21610, 63014, 63032, 63033], 'optOut', 'RecipientOptedOut');
test(
  'no such recipient',
  means,
  [21211, 21217, 21604, 21612, 21614, 30005, 30006, 63003, 63015, 63024],
  'recipient',
  'InvalidDestination',
);
test('may not write to it', means, [21608, 30004], 'recipient', 'MessageNotAllowed');
test('no MMS there', means, [30011], 'recipient', 'MediaTypeNotAllowed');
test('wrong structure', means, [21602, 21617, 21618, 21619, 63028], 'content', 'InvalidMessageStructure');
test('wrong media', means, [21620, 63019], 'content', 'MediaTypeNotAllowed');
test('too large', means, [21623, 11751, 30019], 'content', 'InvalidMediaContentLength');
test('filtered', means, [30007, 63013, 63016], 'content', 'MessageNotAllowed');
test(
  'not for this channel',
  means,
  [63005, 63021, 63034, 21654, 21655, 21656, 21657, 21658],
  'content',
  'UnsupportedMessage',
);
test('against the rules', means, [30450, 30610, 30640, 21408], 'compliance', 'MessageNotAllowed');
test(
  'somebody must mend it',
  means,
  [
    20003, 20005, 20006, 20010, 20404, 21603, 21606, 21609, 21621, 21622, 21701, 21702, 21703, 21704, 21705, 21709,
    30002, 30018, 30024, 30032, 30033, 30034, 30035, 63001, 63002, 63007, 63008, 63020,
  ],
  'configuration',
  'ServerError',
);
test('perhaps sent', means, [20500, 20503], 'unknown', 'GeneralError');

test('an unlisted 20xxx', means, [20123], 'configuration', 'ServerError');
test('an unlisted 21xxx', means, [21999], 'refuse', 'GeneralError');
test('an unlisted sender mismatch', means, [21660, 21661], 'configuration', 'ServerError');
test('an unlisted 30xxx', means, [30999], 'retry', 'GeneralError');
test('an unlisted 63xxx', means, [63999], 'refuse', 'GeneralError');
test('the operator knows better', means, [30007], 'retry', 'GeneralError', {30007: 'retry'});
test('the operator knows a new one', means, [39999], 'optOut', 'RecipientOptedOut', {39999: 'optOut'});

const does = test.macro({
  exec: (t, action: ErrorAction, outcome: string) => {
    const result = toErrorOutcome(action, {code: 'GeneralError', message: 'm'}, 1000);
    t.is('scope' in result ? `${result.kind} ${result.scope}` : result.kind, outcome);
  },
  title: (_, action, outcome) => `in the answer to a create, ${action} means ${outcome}`,
});

test(does, 'retry', 'unavailable message');
test(does, 'throttle', 'unavailable throttled');
test(does, 'dayCap', 'unavailable queue');
test(does, 'configuration', 'unavailable queue');
test(does, 'optOut', 'refused message');
test(does, 'recipient', 'refused message');
test(does, 'content', 'refused message');
test(does, 'compliance', 'refused message');
test(does, 'refuse', 'refused message');
test(does, 'unknown', 'unknown');

const becomes = test.macro({
  exec: (t, status: string, state: string | undefined, final = false) => {
    const form = [
      ['MessageSid', `MM${'a'.repeat(32)}`],
      ['SmsStatus', status],
      ['mid', 'm'],
      ['attempt', '1'],
    ] as const;
    const receipt = toReceipt(form, 7, {});
    if (state === undefined) t.is(receipt, 'ignored');
    else t.like(receipt, {state, final, messageId: 'm', attempt: 1, receivedAt: 7});
  },
  title: (_, status, state = 'nothing', final) =>
    `the status ${status} is ${state}${final === true ? ', finally' : ''}`,
});

for (const status of ['accepted', 'scheduled', 'queued', 'sending', 'sent', 'partially_delivered'])
  test(becomes, status, 'sent');
test(becomes, 'delivered', 'delivered', true);
test(becomes, 'read', 'delivered', true);
test(becomes, 'undelivered', 'failed', true);
test(becomes, 'failed', 'failed', true);
test(becomes, 'canceled', 'failed', true);
test(becomes, 'received', undefined);
test(becomes, 'receiving', undefined);

test('a receipt shows neither phone nor text', t => {
  const receipt = toReceipt(
    [
      ['MessageSid', `SM${'a'.repeat(32)}`],
      ['MessageStatus', 'failed'],
      ['To', '+14155550123'],
      ['From', '+15005550006'],
      ['Body', 'secret text'],
      ['ErrorCode', '21211'],
      ['ErrorMessage', 'The number +14155550123 is wrong'],
    ],
    0,
    {},
  );
  const {phone, ...shown} = receipt === 'ignored' || receipt === undefined ? {phone: undefined} : receipt;
  t.is(phone, '+14155550123');
  t.notRegex(JSON.stringify(shown), /4155550123|5005550006|secret/);
});
