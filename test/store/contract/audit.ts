import test from 'ava';
import type {NewAudit} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, toOutbound} from './kit.ts';

const by = {name: 'ops', via: 'cli'} as const;
const pause: NewAudit = {by, action: 'pause', target: {channel: 'c1', kind: 'outbound'}, before: 12};
const retention = {textMs: 1000, allMs: 1000, auditMs: 60_000, parkedReceiptMs: 1000, limit: 100};

export function auditCases(openFresh: kit.OpenFresh): void {
  test('what an operator did is kept: who, by what, when, on what, and the counts', async t => {
    const {store, reopen} = await openFresh(t);
    await store.audit(pause);
    const {audits} = await (await reopen()).audits({limit: 10});
    t.like(audits, [{at: kit.startOfTime, ...pause, outcome: 'done'}]);
    t.is(audits.length, 1);
  });

  test('what takes long begins with a row, and ends with its outcome', async t => {
    const {store} = await openFresh(t);
    const id = await store.audit({by, action: 'purge', target: {all: true}, outcome: 'begun', before: 7});
    t.like((await store.audits({limit: 1})).audits[0], {id, outcome: 'begun', before: 7});
    await store.endAudit(id, 'done', 0);
    t.like((await store.audits({limit: 1})).audits[0], {id, outcome: 'done', before: 7, after: 0});
  });

  test('audit rows come page by page, the newest first, each once', async t => {
    const {store, clock} = await openFresh(t);
    for (let number = 0; number < 7; number += 1) {
      clock.now += 1;
      await store.audit({...pause, target: {number}});
    }
    const seen: unknown[] = [];
    let before: string | undefined;
    do {
      const page = await store.audits({limit: 3, ...(before !== undefined && {before})});
      seen.push(...page.audits.map(({target}) => target.number));
      before = page.next;
    } while (before !== undefined);
    t.deepEqual(seen, [6, 5, 4, 3, 2, 1, 0]);
  });

  test('audit rows are found by who, by what and by time', async t => {
    const {store, clock} = await openFresh(t);
    await store.audit(pause);
    clock.now += 1000;
    await store.audit({...pause, action: 'resume'});
    await store.audit({...pause, by: {name: 'eve', via: 'console'}});
    const find = async (filter: object) =>
      (await store.audits({limit: 10, ...filter})).audits.map(({by: {name}, action}) => `${name} ${action}`);
    t.deepEqual(await find({actor: 'ops'}), ['ops resume', 'ops pause']);
    t.deepEqual(await find({action: 'pause'}), ['eve pause', 'ops pause']);
    t.deepEqual(await find({until: kit.startOfTime + 1}), ['ops pause']);
    t.deepEqual(await find({since: kit.startOfTime + 1, actor: 'ops'}), ['ops resume']);
    t.deepEqual(await find({before: 'no cursor of ours'}), []);
  });

  test('no audit row holds an unmasked phone', async t => {
    const {store} = await openFresh(t);
    const target = {phone: '14155550123', to: 'to +14155550123', reason: 'told by 14155550123', channel: '16504661149'};
    await store.audit({by, action: 'forget', target});
    const {audits} = await store.audits({limit: 1});
    t.deepEqual(audits[0]?.target, {
      phone: '1415555****',
      to: 'to +1415555****',
      reason: 'told by 1415555****',
      channel: '16504661149',
    });
  });

  test('audit rows outlive the messages they tell of, and go after a time of their own', async t => {
    const {store, clock} = await openFresh(t);
    await store.audit(pause);
    clock.now += 30_000;
    while (await store.prune(retention));
    t.is((await store.audits({limit: 1})).audits.length, 1);
    clock.now += 30_000;
    while (await store.prune(retention));
    t.is((await store.audits({limit: 1})).audits.length, 0);
  });

  test('a gate, a word on consent, a note and a replay are audited with what they change', async t => {
    const {store} = await openFresh(t);
    const gate = {kind: 'paused', filter: {channel: 'c1'}, reason: 'wrong', by: 'ops'} as const;
    await store.setGate(gate, pause);
    await store.clearGate('paused', gate.filter, {...pause, action: 'resume'});
    await store.clearGate('paused', gate.filter, {...pause, action: 'resume'});
    const word = {list: 'acme/c1', phone: kit.phone, state: 'out', source: 'operator', detail: {}} as const;
    await store.setConsent([word, word], {by, action: 'consent', target: {list: 'acme/c1', phone: kit.phone}});
    await store.acceptOutbound(toOutbound('m1'));
    await store.note('m1', 'text_shown', {by: 'ops'}, {by, action: 'text_shown', target: {messageId: 'm1'}});
    await store.replay('m1', 1000, {audit: {by, action: 'replay', target: {messageId: 'm1'}}});
    await store.resolve(
      {messageId: 'm1', to: 'requeue', events: []},
      {by, action: 'settle', target: {messageId: 'm1', as: 'retry'}},
    );
    const {audits} = await store.audits({limit: 10});
    t.deepEqual(
      audits.map(({action, outcome, done}) => [action, outcome, done]),
      [
        ['settle', 'nothing', undefined],
        ['replay', 'nothing', undefined],
        ['text_shown', 'done', undefined],
        ['consent', 'done', 1],
        ['resume', 'nothing', undefined],
        ['resume', 'done', undefined],
        ['pause', 'done', undefined],
      ],
    );
    t.is(await kit.stateOf(store, 'm1'), 'accepted');
    t.truthy(await claimOne(store));
  });
}
