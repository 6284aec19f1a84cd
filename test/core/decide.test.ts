import test from 'ava';
import {type Decision, decidePost, decideSend, evidenceWaitMs, expired, postWithinMs} from '../../src/core/decide.ts';
import type {Outcome} from '../../src/core/outcome.ts';

const reason = {code: 'GeneralError', message: 'as the far side said'} as const;

interface Case {
  title: string;
  outcome: Outcome;
  attempt?: number;
  leftMs?: number;
  canFailOver?: boolean;
  expected: Decision;
}

const sends: Case[] = [
  {title: 'taken goes on', outcome: {kind: 'taken'}, expected: {to: 'taken'}},
  {
    title: 'an unknown one is given a minute for evidence before anybody decides',
    outcome: {kind: 'unknown', reason},
    expected: {to: 'unknown', watchInMs: evidenceWaitMs},
  },
  {
    title: 'a refused message ends, by the carrier',
    outcome: {kind: 'refused', scope: 'message', reason},
    canFailOver: true,
    expected: {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'},
  },
  {
    title: 'a refused account moves the text to the next carrier',
    outcome: {kind: 'refused', scope: 'account', reason},
    canFailOver: true,
    expected: {to: 'retry', dueInMs: 0, counts: true, also: 'failover'},
  },
  {
    title: 'a refused account without another carrier ends',
    outcome: {kind: 'refused', scope: 'account', reason},
    expected: {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'},
  },
  {
    title: 'throttling counts as no attempt and keeps the place',
    outcome: {kind: 'unavailable', scope: 'throttled', reason},
    attempt: 9,
    expected: {to: 'retry', dueInMs: 0, counts: false, also: 'slow'},
  },
  {
    title: 'a setting to mend parks the queue',
    outcome: {kind: 'unavailable', scope: 'queue', reason},
    expected: {to: 'retry', dueInMs: 0, counts: false, also: 'park'},
  },
  {
    title: 'what passes by itself is tried again later',
    outcome: {kind: 'unavailable', scope: 'message', reason},
    attempt: 3,
    expected: {to: 'retry', dueInMs: 2000, counts: true, also: 'nothing'},
  },
  {
    title: 'a retry is due no later than the text expires',
    outcome: {kind: 'unavailable', scope: 'message', reason, retryAfterMs: 60_000},
    leftMs: 1500,
    expected: {to: 'retry', dueInMs: 1500, counts: true, also: 'nothing'},
  },
];

for (const {title, outcome, attempt = 1, leftMs = 3_600_000, canFailOver = false, expected} of sends) {
  test(`send: ${title}`, t => {
    t.deepEqual(decideSend({outcome, attempt, leftMs, noise: 1, canFailOver}), expected);
  });
}

const posts: Array<{title: string; outcome: Outcome; attempt?: number; ageMs?: number; expected: Decision}> = [
  {title: 'taken is posted', outcome: {kind: 'taken'}, expected: {to: 'taken'}},
  {
    title: 'one without an answer is posted again',
    outcome: {kind: 'unknown', reason},
    expected: {to: 'retry', dueInMs: 2000, counts: true, also: 'nothing'},
  },
  {
    title: 'Retry-After is obeyed',
    outcome: {kind: 'unavailable', scope: 'message', reason, retryAfterMs: 30_000},
    expected: {to: 'retry', dueInMs: 30_000, counts: true, also: 'nothing'},
  },
  {
    title: 'a setting to mend parks the queue, however old the post is',
    outcome: {kind: 'unavailable', scope: 'queue', reason},
    ageMs: postWithinMs * 10,
    expected: {to: 'retry', dueInMs: 0, counts: false, also: 'park'},
  },
  {
    title: 'a refused one is a dead letter',
    outcome: {kind: 'refused', scope: 'message', reason},
    expected: {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_refused'},
  },
  {
    title: 'one that fails for a day is a dead letter, so that its lane goes on',
    outcome: {kind: 'unavailable', scope: 'message', reason},
    attempt: 10,
    ageMs: postWithinMs + 1,
    expected: {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_unanswered'},
  },
  {
    title: 'one that was parked for a day has not failed yet, and is posted again',
    outcome: {kind: 'unavailable', scope: 'message', reason},
    attempt: 9,
    ageMs: postWithinMs + 1,
    expected: {to: 'retry', dueInMs: 60_000, counts: true, also: 'nothing'},
  },
  {
    title: 'one that has failed often is posted again for a day',
    outcome: {kind: 'unknown', reason},
    attempt: 1000,
    ageMs: postWithinMs,
    expected: {to: 'retry', dueInMs: 60_000, counts: true, also: 'nothing'},
  },
];

for (const {title, outcome, attempt = 2, ageMs = 0, expected} of posts) {
  test(`post: ${title}`, t => t.deepEqual(decidePost({outcome, attempt, ageMs, noise: 1}), expected));
}

test('an expired text is told as MessageExpired, by our own policy', t => {
  for (const left of ['nothing', 'part', 'unsure'] as const) {
    t.like(expired(left), {to: 'ended', state: 'expired', by: 'policy', reason: {code: 'MessageExpired'}});
  }
  t.not(expired('nothing').reason.message, expired('part').reason.message);
  t.regex(expired('unsure').reason.message, /may have been sent/);
});
