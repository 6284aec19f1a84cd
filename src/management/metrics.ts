import {Counter, collectDefaultMetrics, Gauge, Registry} from 'prom-client';
import type {CarrierStatus} from '../carriers/carrier.ts';
import type {HealthStatus} from '../core/breaker.ts';
import type {Log} from '../core/log.ts';
import {parseQueueName} from '../core/queue.ts';
import type {QueueDepth, Store} from '../store/store.ts';
import {createConfigGauges} from './config-metrics.ts';
import type {LeavingPart, ReloadState} from './parts.ts';
import {inTime, patienceMs} from './patience.ts';
import {createReceiptMetrics} from './receipt-metrics.ts';

const prefix = 'nexus_gateway_';

export interface MetricsParts {
  store: Pick<Store, 'depths' | 'gates' | 'receiptCounts'>;
  carriers(): CarrierStatus[];
  health?(): HealthStatus[];
  now(): number;
  /** Of the configuration, where it can be read again. */
  reloadState?(): ReloadState;
  leaving?(): Promise<readonly LeavingPart[]>;
  /** Told too, when it is given: what was counted as it happened. */
  counted?: Registry;
  /** So long the store may take. */
  waitMs?: number;
}

export interface Metrics {
  contentType: string;
  /** Prometheus' text. A store that can't answer is told as `nexus_gateway_store_up 0`, never as a failed scrape. */
  metrics(): Promise<string>;
}

export interface EventCounter {
  /** The same log; its lines of level warn and error are counted by their event. */
  count(log: Log): Log;
}

/** Label sets are bounded by the configuration: no channel, phone or message is ever a label. */
export function createMetrics(parts: MetricsParts): Metrics {
  const {store, carriers, health, now, reloadState, leaving, counted, waitMs = patienceMs} = parts;
  const registry = new Registry();
  collectDefaultMetrics({register: registry, prefix});
  const queues = createQueueGauges(registry);
  const links = createCarrierGauges(registry);
  const receipts = createReceiptMetrics(registry);
  const resting = gauge(
    registry,
    'breakers_open',
    'Accounts (kind carrier) and URLs of channels at platforms (inbound, receipt) that rest after failures, or are tried again one by one.',
    ['kind', 'name'],
  );
  const config = createConfigGauges(registry);
  const up = gauge(registry, 'store_up', 'Whether the store answers: 1 or 0.', []);
  const closed = gauge(
    registry,
    'gates',
    'Filters that hold queues back, by kind: paused or draining by a person, parked by an outcome.',
    ['kind'],
  );

  async function refreshStore(): Promise<void> {
    try {
      const asked = [store.depths(), store.gates(), store.receiptCounts(), leaving?.()] as const;
      const [depths, gates, counts, left] = await inTime(Promise.all(asked), waitMs);
      queues.set(depths, now());
      receipts.set(counts);
      config.setLeaving(left?.length ?? 0);
      for (const kind of ['paused', 'draining', 'parked'])
        closed.set({kind}, gates.filter(gate => gate.kind === kind).length);
      up.set(1);
    } catch {
      up.set(0);
    }
  }

  return {
    contentType: registry.contentType,
    async metrics() {
      links.set(carriers());
      resting.reset();
      for (const {kind, name, breaker} of health?.() ?? []) resting.inc({kind, name}, breaker === 'closed' ? 0 : 1);
      if (reloadState !== undefined) config.set(reloadState());
      await refreshStore();
      return counted === undefined ? registry.metrics() : Registry.merge([registry, counted]).metrics();
    },
  };
}

export function createEventCounter(registry: Registry): EventCounter {
  const lines = new Counter({
    name: `${prefix}log_events_total`,
    help: 'Log lines of level warn and error by event.',
    labelNames: ['level', 'event'],
    registers: [registry],
  });
  return {
    count: log => ({
      ...log,
      warn: (event, fields) => {
        lines.inc({level: 'warn', event});
        log.warn(event, fields);
      },
      error: (event, fields) => {
        lines.inc({level: 'error', event});
        log.error(event, fields);
      },
    }),
  };
}

function createQueueGauges(registry: Registry) {
  const labels = ['kind', 'platform', 'carrier', 'priority'];
  const waiting = gauge(registry, 'queue_waiting', 'Jobs waiting, over all channels of the queue.', labels);
  const oldest = gauge(registry, 'queue_oldest_seconds', 'Age of the oldest waiting job.', labels);
  return {
    set(depths: readonly QueueDepth[], at: number): void {
      waiting.reset();
      oldest.reset();
      const groups = Map.groupBy(depths, ({queue}) => JSON.stringify(toLabels(queue)));
      for (const [key, group] of groups) {
        const named: Record<string, string> = JSON.parse(key);
        const oldestAt = Math.min(...group.map(depth => depth.oldestAt));
        waiting.set(
          named,
          group.reduce((sum, depth) => sum + depth.waiting, 0),
        );
        oldest.set(named, Math.max(0, at - oldestAt) / 1000);
      }
    },
  };
}

function toLabels(queue: string): Record<string, string> {
  const {kind, platform, carrier, priority} = parseQueueName(queue);
  return {kind, platform, carrier, priority};
}

function createCarrierGauges(registry: Registry) {
  const labels = ['carrier', 'type'];
  const usable = gauge(
    registry,
    'carrier_usable',
    'Whether the carrier can take a text now: 1 or 0; of those in the configuration.',
    labels,
  );
  const size = gauge(registry, 'carrier_window_size', 'Submissions that may be in flight over all links.', labels);
  const used = gauge(registry, 'carrier_window_used', 'Submissions in flight over all links.', labels);
  return {
    set(statuses: readonly CarrierStatus[]): void {
      for (const each of [usable, size, used]) each.reset();
      for (const status of statuses) {
        const named = {carrier: status.name, type: status.type};
        // One that left the file may be gone at its other side, too: what waits for it is told by its queue.
        if (status.leaving !== true) usable.set(named, status.usable ? 1 : 0);
        size.set(named, status.window.size);
        used.set(named, status.window.used);
      }
    },
  };
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Gauge {
  return new Gauge({name: `${prefix}${name}`, help, labelNames, registers: [registry]});
}
