import test from 'ava';
import {judgeAnswers} from '../../../src/platforms/nexus/examine-judge.ts';

type Given = Parameters<typeof judgeAnswers>;

/** What empty calls for one channel alone, or for several, are judged to be. */
const judges = test.macro({
  exec(t, statuses: ReadonlyArray<readonly [inbound: number, receipt: number]>, codes: string, mend: RegExp) {
    const platform = {url: 'https://digital.example.com', contract: {inboundPath: '/in', receiptPath: '/receipt'}};
    const all = statuses.map(([inbound, receipt], index) => ({
      channel: String(index + 1),
      inbound: {status: inbound, body: Buffer.alloc(0)},
      receipt: {status: receipt, body: Buffer.alloc(0)},
    }));
    const findings = judgeAnswers('acme', platform as unknown as Given[1], all as unknown as Given[2]);
    t.is(findings.map(({code}) => code).join(' '), codes);
    t.regex(findings[0]?.message ?? '', mend);
  },
  title: (title = '') => title,
});

test('one channel that is taken', judges, [[400, 400]], 'nexus_channel', /takes signed calls of channel 1/);
test(
  'nothing found for the only channel: it, or the path',
  judges,
  [[404, 404]],
  'nexus_not_found',
  /no \/in for 1: they are not in the service Async \(run provision apply\), or its url or contract\.inboundPath is another/,
);
test('its receipts tell nothing', judges, [[404, 503]], 'nexus_not_found', /run provision apply/);
test(
  'its receipts are found, its texts are not: the path',
  judges,
  [[404, 400]],
  'nexus_inbound_path',
  /another contract\.inboundPath/,
);
test(
  'another channel is found: the channel',
  judges,
  [
    [404, 404],
    [400, 400],
  ],
  'nexus_channel_unknown nexus_channel',
  /knows no channel 1/,
);
test('texts are found, receipts are not', judges, [[400, 405]], 'nexus_channel nexus_receipt_path', /channel 1/);
test(
  'a 403 for all: whatever it may be of',
  judges,
  [
    [403, 403],
    [403, 403],
  ],
  'nexus_forbidden',
  /ccid, apiSecret, and contract\.apiKey/,
);
test(
  'a 403 for one: its secret',
  judges,
  [
    [403, 403],
    [400, 400],
  ],
  'nexus_api_secret nexus_channel',
  /channel 1 \(403\).* compare its apiSecret/,
);
