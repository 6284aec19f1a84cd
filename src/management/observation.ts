import {Registry} from 'prom-client';
import type {Log, LogFields} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {type Activity, createActivity} from './activity.ts';
import {createEventRing, type EventRing} from './event-ring.ts';
import {createEventWebhook, type EventWebhook} from './event-webhook.ts';
import {createMeter} from './meter.ts';
import {createEventCounter} from './metrics.ts';

/** What a gateway is seen by: begun before its parts, so that they can tell it. */
export interface Observation {
  /** The log it was given; its warnings and errors are counted, remembered, and told to who wants to know. */
  log: Log;
  meter: Meter;
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
}

export function createObservation({log, now, toSafeFields, eventWebhook}: ObservationOptions): Observation {
  const registry = new Registry();
  const activity = createActivity(now);
  let webhook: EventWebhook | undefined;
  const events = createEventRing({now, toSafeFields, onEvent: event => webhook?.tell(event)});
  const watched = events.watch(createEventCounter(registry).count(log));
  if (eventWebhook !== undefined) webhook = createEventWebhook({url: eventWebhook, log: watched});
  return {
    log: watched,
    meter: createMeter(registry, activity),
    activity,
    events,
    registry,
    stop: async () => webhook?.stop(),
  };
}
