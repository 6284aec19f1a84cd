import test from 'ava';
import {StoreUnavailable} from '../../../src/core/store-unavailable.ts';
import type {ManagementParts} from '../../../src/management/index.ts';
import type {ConsentRecord} from '../../../src/store/store.ts';
import {visit} from '../../helpers/console-visitor.ts';
import {deadLetter, type Holdings, openManagement, readerToken, record} from '../../helpers/management-port.ts';
import {until} from '../../helpers/until.ts';

const hostile = '"><script>alert(1)</script>';
/** Who acts here, in the audit. */
const ops = {name: 'ops', via: 'console'};
const queue = 'outbound|acme|16504661149|smsc-a|bulk';

test('shows first what needs somebody', async t => {
  const gates = [
    {
      kind: 'parked' as const,
      filter: {kind: 'receipt' as const, platform: 'acme', channel: '1', carrier: ''},
      reason: 'answered 401',
      by: 'gateway',
      since: 1_700_000_000_000,
    },
    {kind: 'paused' as const, filter: {carrier: 'smsc-a'}, reason: 'wrong list', by: 'ops', since: 1_700_000_000_000},
  ];
  const depths = [{queue, waiting: 12, oldestAt: 1_600_000_000_000}];
  const peer = await openManagement(t, {gates, depths, events: [['bind.refused', {carrier: 'smsc-a', why: 'x'}]]});
  const {text} = await (await visit(peer)).get('/console/');
  t.regex(text, /Parked for 10 s: kind receipt, platform acme, channel 1\. answered 401/);
  t.regex(text, /Paused by ops for 10 s: carrier smsc-a \(wrong list\)/);
  t.regex(text, /The SMSC refused the bind.* Once, last 0 s ago/);
  t.regex(text, /12 bulk outbound of channel 16504661149 by smsc-a wait/);
  t.regex(text, /10 of 20 a second/);
});

test('tells of files that were refused, of settings that wait for a restart, and of what is leaving', async t => {
  const at = 1_700_000_000_000;
  const mistakes = ['gateway.yaml:3 carriers.smsc-a.binds: must be a number.'];
  const reloadState = {successful: false, successAt: at, at, by: 'ops', mistakes, needsRestart: ['listen.port']};
  const leaving = [
    {platform: 'acme', channel: '1', waiting: 7},
    {platform: 'acme', channel: '2', carrier: 'smsc-old', waiting: 0},
  ];
  const {text} = await (await visit(await openManagement(t, {reloadState, leaving}))).get('/console/');
  t.regex(
    text,
    /were refused 10 s ago, the former ones go on: gateway\.yaml:3 carriers\.smsc-a\.binds: must be a number\./,
  );
  t.regex(text, /wait for a restart: listen\.port\./);
  t.regex(text, /Channel 1 of acme has left the configuration: 7 wait/);
  t.regex(text, /Channel 2 of acme by smsc-old has left the configuration: 0 wait/);
});

test('a carrier that can take nothing needs somebody, unless it left the configuration', async t => {
  const down = {usable: false, state: 'refused'};
  const told = async (status: Holdings['status']) =>
    (await (await visit(await openManagement(t, {status: status ?? {}}))).get('/console/')).text;
  t.regex(await told(down), /Carrier smsc-a can take nothing: refused/);
  t.notRegex(await told({...down, leaving: true}), /Carrier smsc-a can take nothing/);
});

test('says that nothing needs anybody', async t => {
  const {text} = await (await visit(await openManagement(t))).get('/console/');
  t.regex(text, /Nothing\. All carriers are usable/);
});

test('shows what it can while the store does not answer', async t => {
  const down = () => Promise.reject(new StoreUnavailable('disk full'));
  const peer = await openManagement(t, {store: {gates: down, depths: down}});
  const {status, text} = await (await visit(peer)).get('/console/');
  t.is(status, 200);
  t.regex(text, /The store does not answer/);
  t.regex(text, /smsc-a/);
  t.is(text.match(/Not known: the store does not answer/g)?.length, 3);
  t.notRegex(text, /Nothing waits|Nothing is paused|ok<\/span>/);
});

test('claims of nothing that was cut short that it did not happen', async t => {
  const purge = () => Promise.reject(new StoreUnavailable('disk full'));
  const visitor = await visit(await openManagement(t, {operations: {purge}, store: {audits: purge}}));
  const {status, text} = await visitor.post('/console/purge', {reason: 'wrong list', confirm: 'yes'});
  t.is(status, 503);
  t.regex(text, /The store does not answer at present\. It may be done, or a part of it/);
  t.regex((await visitor.get('/console/audit')).text, /The store does not answer at present\. Try again in a moment\./);
});

test('a reader is offered nothing to do', async t => {
  const messages = [{...record, state: 'unknown' as const}];
  const deadLetters = [{...deadLetter, messageId: 'm-1', reason: 'unknown'}];
  const reader = await visit(await openManagement(t, {messages, deadLetters}), readerToken);
  for (const path of ['/', '/messages/m-1', '/dead-letters']) {
    const {text} = await reader.get(`/console${path}`);
    t.notRegex(text, /action="\/console\/(pause|purge|resume)|\/replay"|\/settle"/, path);
  }
});

test('pauses and resumes what was chosen', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  const fields = {
    kind: 'outbound',
    platform: '',
    channel: '',
    carrier: 'smsc-a',
    priority: 'bulk',
    reason: 'wrong list',
  };
  t.is((await visitor.post('/console/pause', fields)).headers.get('location'), '/console/?done=paused#stop');
  await visitor.post('/console/resume', {kind: 'outbound', carrier: 'smsc-a', priority: 'bulk'});
  const filter = {kind: 'outbound', carrier: 'smsc-a', priority: 'bulk'};
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'pause' || name === 'resume'),
    [
      ['pause', filter, 'wrong list', ops],
      ['resume', filter, ops],
    ],
  );
});

test('drains a channel, pauses a phone for a time, and resumes it with the same filter', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  await visitor.post('/console/drain', {channel: '16504661149', phone: '', acceptedAfter: '', reason: 'moved'});
  const texts = {kind: 'outbound', phone: '+1 415 555 0123', acceptedAfter: '2026-11-20T22:10', reason: 'x'};
  await visitor.post('/console/pause', texts);
  await visitor.post('/console/resume', {kind: 'outbound', phone: '+14155550123', acceptedAfter: '1795212600000'});
  const filter = {kind: 'outbound', phone: '+14155550123', acceptedAfter: 1_795_212_600_000};
  t.deepEqual(
    peer.calls.filter(([name]) => ['drain', 'pause', 'resume'].includes(String(name))),
    [
      ['drain', {kind: 'outbound', channel: '16504661149'}, 'moved', ops],
      ['pause', filter, 'x', ops],
      ['resume', filter, ops],
    ],
  );
});

test('resumes what is paused from any time on, one that was written in seconds too', async t => {
  const filter = {kind: 'outbound' as const, acceptedAfter: 1_795_212_600, acceptedBefore: 1_795_212_600_123};
  const gate = {kind: 'paused' as const, filter, reason: 'x', by: 'ops', since: 1_700_000_000_000};
  const peer = await openManagement(t, {gates: [gate]});
  const visitor = await visit(peer);
  const {text} = await visitor.get('/console/');
  const [, form = ''] = /action="\/console\/resume">(.*?)<\/form>/s.exec(text) ?? [];
  const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]);
  await visitor.post('/console/resume', Object.fromEntries(fields.filter(([name]) => name !== 'formKey')));
  t.deepEqual(peer.calls.at(-1), ['resume', filter, ops]);
});

test('drains and purges texts to phones only: posts that were chosen are no word for them', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  for (const action of ['drain', 'purge']) {
    const answer = await visitor.post(`/console/${action}`, {kind: 'receipt', channel: '16504661149', confirm: 'yes'});
    t.is(answer.status, 400);
    t.regex(answer.text, /Receipts to platforms are paused and resumed only/);
  }
  t.false(peer.calls.some(([name]) => ['drain', 'purge', 'count'].includes(String(name))));
});

test('says what is wrong with a filter that can not be read', async t => {
  const visitor = await visit(await openManagement(t));
  const phone = await visitor.post('/console/pause', {kind: 'outbound', phone: '0151 1234567', reason: 'x'});
  t.regex(phone.text, /write a phone number with its country code/);
  const time = await visitor.post('/console/pause', {kind: 'outbound', acceptedAfter: 'yesterday', reason: 'x'});
  t.regex(time.text, /write a time such as/);
});

test('shows what operators did, and the way to what was before', async t => {
  const by = {name: 'ops', via: 'cli'} as const;
  const target = {messageId: 'm-1', reason: hostile};
  const audits = [
    {id: '7', at: 1_700_000_000_000, by, action: 'text_shown' as const, target, outcome: 'done', done: 3},
  ];
  const peer = await openManagement(t, {audits});
  const {text} = await (await visit(peer, readerToken)).get('/console/audit?action=text_shown&actor=ops&before=9');
  t.regex(text, /ops <span class="quiet">by cli<\/span>.*text shown.*href="\/console\/messages\/m-1"/s);
  t.regex(text, /href="\/console\/audit\?action=text_shown&amp;actor=ops&amp;before=more"/);
  t.false(text.includes(hostile));
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'audits'),
    [['audits', {action: 'text_shown', actor: 'ops', before: '9', limit: 50}]],
  );
});

test('pauses nothing when no queue fits', async t => {
  const peer = await openManagement(t);
  const {status, text} = await (await visit(peer)).post('/console/pause', {channel: 'nobody', reason: 'x'});
  t.is(status, 404);
  t.regex(text, /Nothing was changed/);
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'pause'),
    [],
  );
});

test('counts before it purges, and purges when told again', async t => {
  const depths = [{queue, waiting: 12, oldestAt: 1}];
  const peer = await openManagement(t, {depths});
  const visitor = await visit(peer);
  const asked = await visitor.post('/console/purge', {priority: 'bulk', reason: 'wrong list'});
  t.regex(asked.text, /<strong>12<\/strong> waiting texts/);
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'purge'),
    [],
  );
  const done = await visitor.post('/console/purge', {priority: 'bulk', reason: 'wrong list', confirm: 'yes'});
  t.is(done.headers.get('location'), '/console/?done=purged&count=7#stop');
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'purge'),
    [['purge', {priority: 'bulk', kind: 'outbound'}, 'wrong list', ops]],
  );
});

const searches = test.macro({
  async exec(t, query: string, filter: Record<string, unknown>) {
    const peer = await openManagement(t, {store: {get: async () => undefined}});
    const {status} = await (await visit(peer)).get(`/console/search?${query}`);
    t.is(status, 200);
    t.deepEqual(
      peer.calls.filter(([name]) => name === 'find'),
      [['find', {limit: 50, before: undefined, ...filter}]],
    );
  },
  title: (_, query) => `reads ?${query}`,
});

test(searches, '', {});
test(searches, 'q=%2B1+(415)+555-0123', {phone: '+14155550123'});
test(searches, 'q=14155550123', {phone: '+14155550123'});
test(searches, 'q=14155550123+failed', {phone: '+14155550123', state: 'failed'});
test(searches, 'q=16504661149', {channel: '16504661149', platform: 'acme'});
test(searches, 'q=%2B1+650+466-1149', {channel: '16504661149', platform: 'acme'});
test(searches, 'q=smsc-a+Unknown+outbound', {carrier: 'smsc-a', state: 'unknown', direction: 'outbound'});
test(searches, 'q=00001f', {carrierMessageId: '00001f'});
test(searches, 'q=SM0123456789abcdef0123456789abcdef', {carrierMessageId: 'SM0123456789abcdef0123456789abcdef'});
test(searches, 'q=44636', {phone: '44636'});
test(searches, 'q=x&state=expired&before=7', {carrierMessageId: 'x', state: 'expired', before: '7'});
test(searches, 'since=2026-11-20T10:00&until=2026-11-20T11:30', {
  since: Date.UTC(2026, 10, 20, 10),
  until: Date.UTC(2026, 10, 20, 11, 30),
});
test(searches, 'since=nonsense&state=gone', {});

test('digits are a phone, and the id of a carrier when no message fits that', async t => {
  const find: ManagementParts['store']['find'] = async ({carrierMessageId}) => ({
    messages: carrierMessageId === '3847562910' ? [record] : [],
    next: undefined,
  });
  const peer = await openManagement(t, {store: {find, get: async () => undefined}});
  const visitor = await visit(peer);
  const found = await visitor.get('/console/search?q=3847562910');
  t.regex(found.text, /Understood as: id of the carrier 3847562910\./);
  t.regex(found.text, /\/console\/messages\/m-1"/);
  t.regex((await visitor.get('/console/search?q=3847562910+delivered')).text, /\/console\/messages\/m-1"/);
  const nothing = await visitor.get('/console/search?q=3847562911');
  t.regex(nothing.text, /Understood as: phone \+3847562911; or id of the carrier 3847562911\. Nothing found\./);
  t.regex((await visitor.get('/console/search?q=%2B3847562910')).text, /phone \+3847562910\. Nothing found\./);
});

test('a message id leads straight to its message', async t => {
  const messageId = 'gkxqJaf08PFAmxfPpqUnOObSAG8jj1Rj';
  const peer = await openManagement(t, {messages: [{...record, messageId}]});
  const {headers} = await (await visit(peer)).get(`/console/search?q=${messageId}`);
  t.is(headers.get('location'), `/console/messages/${messageId}`);
});

test('tells a journey with how long each step took', async t => {
  const segments = [{index: 0, carrierMessageId: '1f', state: 'delivered' as const, startedAt: 1_700_000_000_010}];
  const peer = await openManagement(t, {messages: [{...record, segments}]});
  const {text} = await (await visit(peer)).get('/console/messages/m-1');
  t.regex(
    text,
    /Stored, and its sender answered[\s\S]+Segment 1 of 1 submitted[\s\S]+\+10 ms[\s\S]+Receipt from the carrier[\s\S]+\+2\.3 s/,
  );
  t.regex(text, /q=%2B14155550123/);
});

test('hides the text until somebody asks, and writes down who did before it shows', async t => {
  const peer = await openManagement(t);
  const reader = await visit(peer, readerToken);
  const page = await reader.get('/console/messages/m-1');
  t.false(page.text.includes('a text nobody asked for'));
  const {text} = await reader.post('/console/messages/m-1/text');
  t.true(text.includes('a text nobody asked for'));
  t.deepEqual(peer.calls.slice(-2), [
    [
      'note',
      'm-1',
      'text_shown',
      {by: 'eve'},
      {by: {name: 'eve', via: 'console'}, action: 'text_shown', target: {messageId: 'm-1'}},
    ],
    ['get', 'm-1', true],
  ]);
});

test('shows no text when the asking could not be written down', async t => {
  const note = () => Promise.reject(new StoreUnavailable('disk full'));
  const peer = await openManagement(t, {store: {note}});
  const {status, text} = await (await visit(peer)).post('/console/messages/m-1/text');
  t.is(status, 503);
  t.false(text.includes('a text nobody asked for'));
});

test('settles an unknown one as was chosen', async t => {
  const peer = await openManagement(t, {messages: [{...record, state: 'unknown'}]});
  const visitor = await visit(peer);
  t.regex((await visitor.get('/console/messages/m-1')).text, /What became of it\?/);
  const {headers} = await visitor.post('/console/messages/m-1/settle', {as: 'retry'});
  t.is(headers.get('location'), '/console/messages/m-1?done=settled');
  t.deepEqual(peer.calls.at(-1), ['settle', 'm-1', 'retry', ops]);
  t.is((await visitor.post('/console/messages/m-1/settle', {as: 'delivered'})).status, 400);
});

test('replays the chosen dead letters and tells how far it is', async t => {
  const peer = await openManagement(t, {
    operations: {replay: async messageId => (messageId === 'm-2' ? 'unreadable' : 'replayed')},
  });
  const visitor = await visit(peer);
  const body = new URLSearchParams([
    ['id', 'm-1'],
    ['id', 'm-2'],
    ['id', 'm-3'],
    ['which', 'chosen'],
  ]);
  const key = /name="formKey" value="([^"]+)"/.exec((await visitor.get('/console/')).text)?.[1] ?? '';
  body.set('formKey', key);
  const started = await fetch(`${peer.url}/console/dead-letters/replay`, {
    method: 'POST',
    body,
    headers: {Cookie: visitor.cookie()},
    redirect: 'manual',
  });
  const run = started.headers.get('location') ?? '';
  const page = await until('the run to end', async () => {
    const {text} = await visitor.get(run);
    return text.includes('It is done') ? text : undefined;
  });
  t.regex(page, /<strong>2<\/strong> of 3 replayed\. 1 left: unreadable\./);
});

test('replays all dead letters that fit, page after page, and tells how far it is', async t => {
  const asked: Array<Record<string, unknown>> = [];
  const peer = await openManagement(t, {
    operations: {
      replayMany: async ({filter, at}) => {
        asked.push({...filter});
        const left: Record<string, number> = at === undefined ? {} : {unreadable: 1};
        if (at === undefined) return {done: 20, left, of: 33, next: {before: '7', until: 9, run: '1'}};
        return {done: 12, left, next: undefined};
      },
    },
  });
  const visitor = await visit(peer);
  const form = {which: 'all', reason: 'refused', carrier: 'smsc-a', phone: '', since: '2026-11-20T22:10'};
  const {headers} = await visitor.post('/console/dead-letters/replay', form);
  const page = await until('the run to end', async () => {
    const {text} = await visitor.get(headers.get('location') ?? '');
    return text.includes('It is done') ? text : undefined;
  });
  t.regex(page, /<strong>32<\/strong> of 33 replayed\. 1 left: unreadable\./);
  const filter = {reason: 'refused', carrier: 'smsc-a', since: Date.UTC(2026, 10, 20, 22, 10)};
  t.deepEqual(asked, [filter, filter]);
});

test('a filter of dead letters that can not be read is a mistake, not a wider filter', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  for (const [name, value] of [
    ['since', 'yesterday'],
    ['state', 'gone'],
    ['priority', 'high'],
    ['phone', 'abc!!defghijklmnop'],
  ] as const) {
    const {status} = await visitor.post('/console/dead-letters/replay', {which: 'all', [name]: value});
    t.is(status, 400);
  }
  t.false(peer.calls.some(([name]) => name === 'replayMany'));
});

test('asks to choose before it replays', async t => {
  const {status, text} = await (await visit(await openManagement(t))).post('/console/dead-letters/replay', {
    which: 'chosen',
  });
  t.is(status, 400);
  t.regex(text, /Choose at least one/);
});

test('escapes what others wrote, on every page', async t => {
  const bad = {
    ...record,
    from: hostile,
    carrier: hostile,
    traceId: hostile,
    text: hostile,
    reason: {code: 'GeneralError' as const, message: hostile},
    state: 'failed' as const,
    segments: [{index: 0, carrierMessageId: hostile, state: 'failed' as const}],
    events: [{at: 1, event: hostile, detail: {[hostile]: hostile, raw: hostile, deep: {a: hostile}}}],
    media: [{url: hostile, contentType: hostile}],
  };
  const gates = [{kind: 'paused' as const, filter: {carrier: hostile}, reason: hostile, by: hostile, since: 1}];
  const deadLetters = [
    {
      ...deadLetter,
      messageId: hostile,
      reason: hostile,
      platform: hostile,
      channel: hostile,
      detail: hostile,
      carrier: hostile,
    },
  ];
  const depths = [{queue: `outbound|${hostile}|${hostile}|${hostile}|bulk`, waiting: 1, oldestAt: 1}];
  const tallies = [
    {
      hourAt: 0,
      platform: hostile,
      channel: hostile,
      direction: 'outbound' as const,
      state: 'failed' as const,
      messages: 1,
      segments: 1,
      withoutReceipt: 0,
      latencies: [],
    },
  ];
  const peer = await openManagement(t, {
    messages: [bad],
    gates,
    deadLetters,
    depths,
    tallies,
    events: [['bind.lost', {why: hostile, messageId: hostile}]],
  });
  const visitor = await visit(peer);
  const q = encodeURIComponent(hostile);
  for (const path of [
    '/',
    `/search?q=${q}&since=${q}&state=${q}`,
    '/messages/m-1',
    '/dead-letters',
    '/campaigns',
    `/campaigns?channel=${q}`,
    `/events?code=${q}`,
    '/events',
    `/${q}`,
  ]) {
    const {text} = await visitor.get(`/console${path}`);
    t.false(text.includes('<script>alert'), path);
    t.notRegex(text, /="[^"]*"><script/, path);
  }
  t.false((await visitor.post('/console/messages/m-1/text')).text.includes('<script>alert'));
});

test('counts campaigns by hour and channel, for the eye and as CSV', async t => {
  const common = {
    hourAt: 1_700_000_000_000 - (1_700_000_000_000 % 3_600_000),
    platform: 'acme',
    channel: '=1+1',
    direction: 'outbound' as const,
    withoutReceipt: 0,
  };
  const latencies = [0, 0, 8];
  const tallies = [
    {...common, state: 'delivered' as const, messages: 8, segments: 16, latencies},
    {
      ...common,
      state: 'failed' as const,
      reason: 'InvalidDestination' as const,
      messages: 1,
      segments: 2,
      latencies: [],
    },
    {...common, state: 'sent' as const, messages: 3, segments: 3, withoutReceipt: 1, latencies: []},
    {...common, direction: 'inbound' as const, state: 'posted' as const, messages: 99, segments: 0, latencies: []},
  ];
  const visitor = await visit(await openManagement(t, {tallies}));
  const page = (await visitor.get('/console/campaigns?hours=6')).text;
  t.regex(page, /InvalidDestination <strong>1<\/strong>/);
  t.regex(page, /8 <span class="quiet">67 %<\/span>/);
  const {text, headers} = await visitor.get('/console/campaigns.csv');
  t.is(headers.get('content-disposition'), 'attachment; filename="campaigns.csv"');
  const [, line] = text.split('\r\n');
  t.is(line, "2023-11-14T22:00:00.000Z,acme,'=1+1,12,21,8,1,InvalidDestination 1,1,0,2,1.5,1.9");
});

const drains = test.macro({
  async exec(t, holdings: Partial<Holdings>, told: RegExp) {
    const depths = [
      {queue, waiting: 600, oldestAt: 1_700_000_000_000},
      {queue: queue.replace('bulk', 'interactive'), waiting: 20, oldestAt: 1_700_000_000_000},
    ];
    const visitor = await visit(await openManagement(t, {depths, ...holdings}));
    t.regex((await visitor.get('/console/campaigns')).text.replaceAll(/<\/?strong>/g, ''), told);
  },
  title: (title = '') => `tells how long what waits will take: ${title}`,
});
const gate = {reason: 'x', by: 'ops', since: 1_700_000_000_000};
test('all of it', drains, {}, /620 wait for smsc-a: 1 min 2 s at its present pace/);
test(
  'not what is paused',
  drains,
  {gates: [{...gate, kind: 'paused', filter: {priority: 'bulk'}}]},
  /620 wait for smsc-a, 600 of them paused, parked or drained: 2\.0 s at its present pace/,
);
test(
  'nothing that could leave',
  drains,
  {gates: [{...gate, kind: 'draining', filter: {carrier: 'smsc-a'}}]},
  /620 wait for smsc-a, 620 of them paused, parked or drained\.</,
);
test(
  'its carrier is away',
  drains,
  {status: {usable: false, state: 'waiting: ECONNREFUSED'}},
  /620 wait for smsc-a: it can take nothing now, waiting: ECONNREFUSED\.</,
);

const list = 'channel acme 16504661149';
const optOut: ConsentRecord = {
  list,
  phone: '+14155550123',
  state: 'out',
  source: 'keyword',
  at: 1_700_000_000_000,
  detail: {messageId: 'mo-1', by: hostile},
};

test('opt-outs are looked up by phone, list and state, with their evidence', async t => {
  const peer = await openManagement(t, {consents: [optOut]});
  const reader = await visit(peer, readerToken);
  const {text} = await reader.get(
    `/console/opt-outs?phone=${encodeURIComponent('+1 (415) 555-0123')}&list=${encodeURIComponent(list)}&state=out`,
  );
  t.regex(text, /\+14155550123<\/th><td><span class="badge calm">out<.*channel acme 16504661149.*keyword/s);
  t.regex(text, /href="\/console\/messages\/mo-1"/);
  t.regex(text, /before=more/);
  t.false(text.includes(hostile));
  t.notRegex(text, /method="post" action="\/console\/opt-outs"/);
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'consents'),
    [['consents', {phone: '+14155550123', list, state: 'out', limit: 50, before: undefined}]],
  );
  t.is((await reader.get('/console/opt-outs?phone=nobody')).status, 400);
  const refused = await reader.post('/console/opt-outs', {phone: '+14155550123', list, state: 'out'});
  t.is(refused.status, 403);
});

test('an operator opts a phone out and in again, in the audit under the own name', async t => {
  const peer = await openManagement(t, {consents: [optOut]});
  const visitor = await visit(peer);
  const answer = await visitor.post('/console/opt-outs', {phone: '+1 415 555 0123', list, state: 'out'});
  t.is(answer.headers.get('location'), '/console/opt-outs?done=out&phone=%2B14155550123');
  await visitor.post('/console/opt-outs', {phone: '+14155550123', list: 'platform acme', state: 'in'});
  const phone = '+14155550123';
  const word = (name: string, state: string) => [
    'setConsent',
    [{phone, list: name, state, source: 'operator', detail: {by: 'ops'}}],
    {by: ops, action: 'consent', target: {source: 'operator', list: name, state, phone}, before: 1},
  ];
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'setConsent'),
    [word(list, 'out'), word('platform acme', 'in')],
  );
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'onOptedOut'),
    [
      ['onOptedOut', [{phone, list, state: 'out'}]],
      ['onOptedOut', []],
    ],
  );
  t.is((await visitor.post('/console/opt-outs', {phone, list: 'nobody’s', state: 'out'})).status, 404);
  t.is((await visitor.post('/console/opt-outs', {phone: 'x', list, state: 'out'})).status, 400);
});

test('a carrier shows how its receipts found their texts', async t => {
  const notations = {exact: 5, caseOrZeros: 1, hexToDecimal: 0, decimalToHex: 0};
  const receiptCounts = [{carrier: 'smsc-a', parked: 3, matchedLate: 2, orphaned: 4, byFacts: 1, notations}];
  const {text} = await (await visit(await openManagement(t, {receiptCounts}))).get('/console/');
  const shown = [...text.matchAll(/<dt>Receipts ([\w ]+)<\/dt><dd>(\d+)<\/dd>/g)].map(([, words, count]) => [
    words,
    count,
  ]);
  t.deepEqual(shown, [
    ['matched', '6'],
    ['matched late', '2'],
    ['matched by facts', '1'],
    ['waiting', '3'],
    ['orphaned', '4'],
  ]);
});
