import {dirname} from 'node:path';
import type {StoreOptions} from '../index.ts';
import {tellRestored} from '../restored.ts';
import type {Store} from '../store.ts';
import {noSecrecy} from '../vault.ts';
import {toWholePages} from '../whole-pages.ts';
import {createCaller} from './caller.ts';
import type {Restored} from './protocol.ts';

type Calls = Omit<Store, 'replicas'>;
type Answer<Name extends keyof Calls> = ReturnType<Calls[Name]>;

export interface SqliteOptions extends Omit<StoreOptions, 'url'> {
  file: string;
  maxPages?: number;
}

export interface SqliteStore extends Store {
  /** How many calls have shared how many commits. */
  counts(): {groups: number; calls: number};
}

/** One process, one file, one thread that writes. */
export async function openSqliteStore({
  file,
  maxOutbound,
  maxOutboundPerPlatform = maxOutbound,
  maxPages,
  secrecy = noSecrecy,
  isRestored,
  ...rest
}: SqliteOptions): Promise<SqliteStore> {
  const onRestored = (restored: Restored) => {
    tellRestored(rest.log, restored);
    rest.onRestored?.(restored);
  };
  const bounds = {maxOutbound, maxOutboundPerPlatform};
  const worker = {file, bounds, maxPages, secrecy, isRestored};
  // Where it writes its file anew: there is room, and nobody else reads there.
  process.env.SQLITE_TMPDIR ??= dirname(file);
  const caller = await createCaller({...rest, onRestored, worker});

  /** The worker answers with what the operation of that name returned. */
  function call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): Answer<Name> {
    // What is not given must not arrive as null: JSON knows nothing else for it in a list.
    const given = args.slice(0, args.findLastIndex(arg => arg !== undefined) + 1);
    return caller.call(name, given) as Answer<Name>;
  }

  async function tidy(rewrite: boolean): Answer<'tidy'> {
    const done = await call('tidy', rewrite);
    if (done.isClean) await caller.call('tidied', []);
    return done;
  }

  return {
    acceptOutbound: message => call('acceptOutbound', message),
    acceptUnreadable: message => call('acceptUnreadable', message),
    acceptInbound: message => call('acceptInbound', message),
    forgetFingerprints: fingerprints => call('forgetFingerprints', fingerprints),
    holdPart: (carrier, part) => call('holdPart', carrier, part),
    overdueParts: (olderThanMs, limit) => call('overdueParts', olderThanMs, limit),
    receipt: (carrier, receipt) => call('receipt', carrier, receipt),
    claim: (queues, limit) => call('claim', queues, limit),
    claimOverdue: (queues, limit) => call('claimOverdue', queues, limit),
    start: start => call('start', start),
    settle: settlement => call('settle', settlement),
    resolve: (resolution, audit) => call('resolve', resolution, audit),
    dueWatches: limit => call('dueWatches', limit),
    sent: messageId => call('sent', messageId),
    isClaimed: (carrier, carrierMessageId) => call('isClaimed', carrier, carrierMessageId),
    exchange: (messageId, limit) => call('exchange', messageId, limit),
    spend: spending => call('spend', spending),
    gates: () => call('gates'),
    setGate: (gate, audit) => call('setGate', gate, audit),
    clearGate: (kind, filter, audit) => call('clearGate', kind, filter, audit),
    purge: purge => call('purge', purge),
    underWay: () => call('underWay'),
    countTexts: step => call('countTexts', step),
    purgeTexts: purge => call('purgeTexts', purge),
    hastenTexts: step => call('hastenTexts', step),
    setConsent: (entries, audit) => call('setConsent', entries, audit),
    consents: filter => call('consents', filter),
    passConsent: (messageId, lists) => call('passConsent', messageId, lists),
    purgePhone: purge => call('purgePhone', purge),
    ...toWholePages({find: filter => call('find', filter), deadLetters: filter => call('deadLetters', filter)}),
    countDeadLetters: filter => call('countDeadLetters', filter),
    get: (messageId, withText) => call('get', messageId, withText),
    note: (messageId, event, detail, audit) => call('note', messageId, event, detail, audit),
    raw: messageId => call('raw', messageId),
    replaceUnreadable: (message, audit) => call('replaceUnreadable', message, audit),
    unroutable: messageId => call('unroutable', messageId),
    replaceUnroutable: (message, audit) => call('replaceUnroutable', message, audit),
    replay: (messageId, expiresInMs, options) => call('replay', messageId, expiresInMs, options),
    depths: () => call('depths'),
    receiptCounts: () => call('receiptCounts'),
    tally: filter => call('tally', filter),
    audit: entry => call('audit', entry),
    endAudit: (id, outcome, after) => call('endAudit', id, outcome, after),
    addDone: (id, count) => call('addDone', id, count),
    audits: filter => call('audits', filter),
    prune: rules => call('prune', rules),
    probe: () => call('probe'),
    holdings: phone => call('holdings', phone),
    dossier: (phone, limit, before) => call('dossier', phone, limit, before),
    looseEnds: phone => call('looseEnds', phone),
    orderForget: (order, audit) => call('orderForget', order, audit),
    forgetOrders: () => call('forgetOrders'),
    forgetMore: (phone, before, limit) => call('forgetMore', phone, before, limit),
    forgetUnreadable: (phone, before, limit) => call('forgetUnreadable', phone, before, limit),
    forgetRest: phone => call('forgetRest', phone),
    isTidyOwed: () => call('isTidyOwed'),
    reseal: (after, limit) => call('reseal', after, limit),
    tidy,
    close: () => caller.close(),
    counts: () => caller.counts(),
  };
}
