import type {StoreOptions} from '../index.ts';
import type {MessageFilter, MessageRecord, Store} from '../store.ts';
import {createCaller} from './caller.ts';

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
export async function openSqliteStore({file, maxOutbound, maxPages, ...rest}: SqliteOptions): Promise<SqliteStore> {
  const caller = await createCaller({...rest, worker: {file, maxOutbound, maxPages}});

  /** The worker answers with what the operation of that name returned. */
  function call<Name extends keyof Calls>(name: Name, ...args: Parameters<Calls[Name]>): Answer<Name> {
    // What is not given must not arrive as null: JSON knows nothing else for it in a list.
    const given = args.slice(0, args.findLastIndex(arg => arg !== undefined) + 1);
    return caller.call(name, given) as Answer<Name>;
  }

  async function find(filter: MessageFilter): Answer<'find'> {
    const messages: MessageRecord[] = [];
    let {before} = filter;
    do {
      const step = await call('find', {...filter, before, limit: filter.limit - messages.length});
      messages.push(...step.messages);
      before = step.next;
    } while (before !== undefined && messages.length < filter.limit);
    return {messages, next: before};
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
    gates: () => call('gates'),
    setGate: (gate, audit) => call('setGate', gate, audit),
    clearGate: (kind, filter, audit) => call('clearGate', kind, filter, audit),
    purge: (queues, reason, limit) => call('purge', queues, reason, limit),
    setConsent: (entries, audit) => call('setConsent', entries, audit),
    consents: filter => call('consents', filter),
    passConsent: (messageId, lists) => call('passConsent', messageId, lists),
    purgePhone: purge => call('purgePhone', purge),
    find,
    get: (messageId, withText) => call('get', messageId, withText),
    note: (messageId, event, detail, audit) => call('note', messageId, event, detail, audit),
    deadLetters: filter => call('deadLetters', filter),
    raw: messageId => call('raw', messageId),
    replaceUnreadable: (message, audit) => call('replaceUnreadable', message, audit),
    replay: (messageId, expiresInMs, audit) => call('replay', messageId, expiresInMs, audit),
    depths: () => call('depths'),
    receiptCounts: () => call('receiptCounts'),
    tally: filter => call('tally', filter),
    audit: entry => call('audit', entry),
    endAudit: (id, outcome, after) => call('endAudit', id, outcome, after),
    audits: filter => call('audits', filter),
    prune: rules => call('prune', rules),
    probe: () => call('probe'),
    close: () => caller.close(),
    counts: () => caller.counts(),
  };
}
