import type {ExecutionContext} from 'ava';
import type {CarrierStatus} from '../../src/carriers/carrier.ts';
import type {Log, LogFields} from '../../src/core/log.ts';
import {createHttp} from '../../src/http.ts';
import {toSafeFields} from '../../src/log.ts';
import {createManagement, createMetrics, createObservation, type ManagementParts} from '../../src/management/index.ts';
import type {
  AuditRecord,
  ConsentRecord,
  DeadLetter,
  Gate,
  MessageFilter,
  MessageRecord,
  QueueDepth,
  ReceiptCounts,
  Tally,
} from '../../src/store/store.ts';

export const readerToken = 'reader-token-1';
export const operatorToken = 'operator-token-1';
/** Who has it, in the audit. */
export const ops = {name: 'ops', via: 'api'} as const;

export const record: MessageRecord = {
  messageId: 'm-1',
  channel: '16504661149',
  platform: 'acme',
  direction: 'outbound',
  from: '+16504661149',
  to: '+14155550123',
  state: 'delivered',
  carrier: 'smsc-a',
  priority: 'interactive',
  acceptedAt: 1_700_000_000_000,
  traceId: 'ab'.repeat(16),
  segments: [{index: 0, carrierMessageId: '1f', state: 'delivered'}],
  events: [
    {at: 1_700_000_000_000, event: 'accepted'},
    {at: 1_700_000_000_012, event: 'started', detail: {segment: 0, attempt: 1}},
    {at: 1_700_000_002_345, event: 'receipt', detail: {state: 'delivered'}},
  ],
  text: 'a text nobody asked for',
  media: [],
};

export const deadLetter: DeadLetter = {
  messageId: 'm-2',
  cursor: '7',
  reason: 'refused',
  at: 1_700_000_000_000,
  platform: 'acme',
  channel: '16504661149',
  detail: 'GeneralError: refused',
  carrier: 'smsc-a',
  direction: 'outbound',
  priority: 'bulk',
  state: 'failed',
};

const carrier: CarrierStatus = {
  name: 'smsc-a',
  type: 'smpp',
  state: 'bound',
  since: 1_700_000_000_000,
  usable: true,
  window: {size: 30, used: 2},
  links: [],
};

const channel: ManagementParts['channels'][number] = {
  id: '16504661149',
  platform: 'acme',
  description: 'Main support number',
  address: '+16504661149',
  priority: 'interactive',
  carriers: ['smsc-a'],
};

const reloadState: ReturnType<ManagementParts['reloadState']> = {
  successful: true,
  successAt: 1_700_000_000_000,
  at: 1_700_000_000_000,
  by: 'start',
  mistakes: [],
  needsRestart: [],
};

export interface Peer {
  url: string;
  /** What was asked of the gateway, in order. */
  calls: unknown[][];
  lines: {event: string; fields: LogFields | undefined}[];
}

export interface Holdings {
  messages?: MessageRecord[];
  deadLetters?: DeadLetter[];
  gates?: Gate[];
  depths?: QueueDepth[];
  audits?: AuditRecord[];
  consents?: ConsentRecord[];
  receiptCounts?: ReceiptCounts[];
  ready?: boolean;
  metricsOpen?: boolean;
  operations?: Partial<ManagementParts['operations']>;
  reload?: ManagementParts['reload'];
  reloadState?: ReturnType<ManagementParts['reloadState']>;
  leaving?: Awaited<ReturnType<ManagementParts['leaving']>>;
  store?: Partial<ManagementParts['store']>;
  /** Warnings the gateway logged. */
  events?: [code: string, fields: LogFields][];
  /** Stands still unless the test moves it. */
  clock?: {now: number};
  tallies?: Tally[];
  /** Of the one carrier. */
  status?: Partial<CarrierStatus>;
}

/** The management port on loopback, before parts that hold what a test gives them and note what is asked of them. */
export async function openManagement(t: ExecutionContext, holdings: Holdings = {}): Promise<Peer> {
  const calls: unknown[][] = [];
  const lines: Peer['lines'] = [];
  const note =
    <Args extends unknown[], Result>(name: string, answer: (...args: Args) => Result) =>
    async (...args: Args) => {
      calls.push([name, ...args]);
      return answer(...args);
    };
  const write = (event: string, fields?: LogFields) => lines.push({event, fields});
  const log: Log = {debug: write, info: write, warn: write, error: write};
  const {messages = [record], deadLetters = [], gates = [], depths = [], receiptCounts = []} = holdings;
  const store: ManagementParts['store'] = {
    find: note('find', (_: MessageFilter) => ({messages, next: undefined})),
    get: note('get', (id: string, _: boolean) => messages.find(({messageId}) => messageId === id)),
    note: note('note', () => true),
    deadLetters: note('deadLetters', () => ({deadLetters, next: 'more'})),
    countDeadLetters: note('countDeadLetters', () => ({count: deadLetters.length, next: undefined})),
    gates: async () => gates,
    depths: async () => depths,
    receiptCounts: async () => receiptCounts,
    audits: note('audits', () => ({audits: holdings.audits ?? [], next: 'more'})),
    audit: note('audit', () => '1'),
    addDone: note('addDone', () => undefined),
    endAudit: note('endAudit', () => undefined),
    tally: note('tally', () => ({tallies: holdings.tallies ?? [], next: undefined})),
    ...holdings.store,
  };
  const now = () => holdings.clock?.now ?? 1_700_000_010_000;
  const observation = createObservation({log, now, toSafeFields});
  for (const [code, fields] of holdings.events ?? []) observation.log.warn(code, fields);
  const metrics = createMetrics({store, carriers: () => [carrier], now, counted: observation.registry});
  const parts: ManagementParts = {
    store,
    operations: {
      replay: note('replay', () => 'replayed'),
      replayMany: note('replayMany', () => ({done: 2, left: {not_ended: 1}, of: 3, next: undefined})),
      settle: note('settle', () => 'settled'),
      settleMany: note('settleMany', () => ({done: 2, left: {}, of: 2, next: undefined})),
      pause: note('pause', () => undefined),
      resume: note('resume', () => true),
      purge: note('purge', () => ({waiting: 12, underWay: 1, purged: 7, left: 0})),
      drain: note('drain', () => undefined),
      count: async () => ({waiting: outboundOf(depths), underWay: 1}),
      countToPurge: async () => ({waiting: outboundOf(depths), underWay: 1}),
      ...holdings.operations,
    },
    carriers: () => [{...carrier, ...holdings.status}],
    queues: ({channel}) => (channel === 'nobody' ? [] : ['outbound|acme|16504661149|smsc-a|bulk']),
    readiness: async () => ({ready: holdings.ready ?? true, checks: {store: 'ok'}}),
    metrics,
    reload:
      holdings.reload ?? (async () => ({applied: true, mistakes: [], warnings: [], changes: [], needsRestart: []})),
    reloadState: () => holdings.reloadState ?? reloadState,
    leaving: async () => holdings.leaving ?? [],
    channels: [channel],
    health: () => [],
    paceOf: () => ({rate: 10, limit: 20}),
    activity: observation.activity,
    events: observation.events,
    now,
    log,
  };
  const tokens = [
    {name: 'eve', role: 'reader' as const, token: readerToken},
    {name: 'ops', role: 'operator' as const, token: operatorToken},
  ];
  const consent = {
    store: {
      consents: note('consents', () => ({consents: holdings.consents ?? [], next: 'more'})),
      setConsent: note('setConsent', () => 1),
      audit: parts.store.audit,
      addDone: parts.store.addDone,
      endAudit: parts.store.endAudit,
    },
    lists: () => ['channel acme 16504661149', 'platform acme'],
    onOptedOut: (added: unknown) => void calls.push(['onOptedOut', added]),
    now,
    log,
  };
  const metricsOpen = holdings.metricsOpen ?? false;
  const router = createManagement({parts, tokens: () => tokens, metricsOpen, consent});
  const http = createHttp({host: '127.0.0.1', port: 0, routers: () => [router], rawBody: false, log});
  const port = await http.start();
  t.teardown(() => http.stop());
  return {url: `http://127.0.0.1:${port}`, calls, lines};
}

function outboundOf(depths: readonly QueueDepth[]): number {
  const own = depths.filter(({queue}) => queue.startsWith('outbound'));
  return own.reduce((sum, {waiting}) => sum + waiting, 0);
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it came, which the tests look into
  body: any;
}

export async function ask(
  url: string,
  options: {token?: string; method?: string; body?: unknown; raw?: string} = {},
): Promise<Answer> {
  const {token, body, raw} = options;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method: options.method ?? (payload === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token !== undefined && {Authorization: `Bearer ${token}`}),
      ...(payload !== undefined && {'Content-Type': 'application/json'}),
    },
    ...(payload !== undefined && {body: payload}),
  });
  const text = await response.text();
  return {status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text};
}
