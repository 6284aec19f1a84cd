import {Registry} from 'prom-client';
import type {Log, LogFields} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Tracer} from '../core/tracer.ts';
import {type Activity, createActivity} from './activity.ts';
import {createEventRing, type EventRing} from './event-ring.ts';
import {createEventWebhook, type EventWebhook} from './event-webhook.ts';
import {createMeter} from './meter.ts';
import {createEventCounter} from './metrics.ts';
import {createTraces, type TraceSettings} from './traces/index.ts';

/** What a gateway is seen by: begun before its parts, so that they can tell it. */
export interface Observation {
  /** The log it was given; its warnings and errors are counted, remembered, and told to who wants to know. */
  log: Log;
  meter: Meter;
  /** None when nobody asked for traces. */
  tracer?: Tracer | undefined;
  activity: Activity;
  events: EventRing;
  /** Served beside what is looked up at each scrape. */
  registry: Registry;
  stop(): Promise<void>;
}

export interface ObservationOptions {
  log: Log;
  now(): number;
  toSafeFields(fields: LogFields): LogFields;
  /** Told of critical events. */
  eventWebhook?: string;
  traces?: TraceSettings | undefined;
}

export function createObservation(options: ObservationOptions): Observation {
  const {log, now, toSafeFields, eventWebhook} = options;
  const registry = new Registry();
  const activity = createActivity(now);
  let webhook: EventWebhook | undefined;
  const events = createEventRing({now, toSafeFields, onEvent: event => webhook?.tell(event)});
  const watched = events.watch(createEventCounter(registry).count(log));
  if (eventWebhook !== undefined) webhook = createEventWebhook({url: eventWebhook, log: watched});
  const traces = createTraces({settings: options.traces, log: watched, registry});
  return {
    log: watched,
    meter: createMeter(registry, activity),
    tracer: traces.tracer,
    activity,
    events,
    registry,
    stop: async () => void (await Promise.all([webhook?.stop(), traces.stop()])),
  };
}
