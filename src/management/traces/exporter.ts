import {Counter, type Registry} from 'prom-client';
import type {Log} from '../../core/log.ts';
import {type Collector, type CollectorSettings, createCollector} from './collector.ts';
import type {Span} from './otlp.ts';

export interface ExporterSettings extends CollectorSettings {
  every: number;
  /** Spans kept while the collector takes none; more are dropped and counter. */
  maxWaiting: number;
}

export interface Exporter {
  /** Returns at once. */
  tell(span: Span): void;
  /** Tells what is left, within its time; then drops it. */
  stop(): Promise<void>;
}

const batchSpans = 512;
const lastWordsMs = 2000;
/** A collector that is down is told of once in this time, not at each batch. */
const quietMs = 60_000;

/** A help, not a promise: messages never wait for it, what can't be told is dropped, and counted in a metric. */
export function createExporter(options: {settings: ExporterSettings; log: Log; counter: SpanCounter}): Exporter {
  const {settings, log, counter} = options;
  const collector: Collector = createCollector(settings);
  const waiting: Span[] = [];
  let sending: Promise<void> | undefined;
  let restUntil = 0;
  let complainedAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const timer = setInterval(() => send(), settings.every);

  function send(): void {
    if (sending !== undefined || performance.now() < restUntil) return;
    sending = sendAll(settings.timeout).finally(() => {
      sending = undefined;
    });
  }

  async function sendAll(withinMs: number): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSpans);
      const answer = await collector.post(batch, withinMs);
      if (answer.kind === 'later') {
        restUntil = performance.now() + Math.max(settings.every, answer.retryAfterMs);
        return complain(answer.why);
      }
      waiting.splice(0, batch.length);
      counter.inc({result: 'refused'}, answer.refused);
      counter.inc({result: 'told'}, batch.length - answer.refused);
      if (answer.why !== undefined) complain(answer.why);
    }
  }

  function complain(why: string): void {
    if (performance.now() - complainedAt < quietMs) return;
    complainedAt = performance.now();
    log.warn('traces.not_taken', {why, waiting: waiting.length});
  }

  return {
    tell(span) {
      if (stopped || waiting.length >= settings.maxWaiting) return counter.inc({result: 'dropped'});
      waiting.push(span);
      if (waiting.length >= batchSpans) send();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      const late = new Promise<void>(resolve => setTimeout(resolve, lastWordsMs).unref());
      await Promise.race([(sending ?? Promise.resolve()).then(() => sendAll(lastWordsMs)), late]);
      counter.inc({result: 'dropped'}, waiting.length);
      waiting.length = 0;
      await collector.stop();
    },
  };
}

export type SpanCounter = Counter<'result'>;

/** There without traces too: who looks for it finds nothing told. */
export function createSpanCounter(registry: Registry): SpanCounter {
  return new Counter({
    name: 'nexus_gateway_trace_spans_total',
    help: 'Spans of traces by what became of them: told, refused by the collector, dropped because too many were waiting.',
    labelNames: ['result'],
    registers: [registry],
  });
}
