import {Registry} from 'prom-client';
import type {Log, LogFields} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {type Activity, createActivity} from './activity.ts';
import {createEventRing, type EventRing} from './event-ring.ts';
import {createMeter} from './meter.ts';
import {createEventCounter} from './metrics.ts';

/** What a gateway is seen by: begun before its parts, so that they can tell it. */
export interface Observation {
  /** The same log; its warnings and errors are counted and remembered. */
  watch(log: Log): Log;
  meter: Meter;
  activity: Activity;
  events: EventRing;
  /** Served beside what is looked up at each scrape. */
  registry: Registry;
}

export interface ObservationOptions {
  now(): number;
  toSafeFields(fields: LogFields): LogFields;
}

export function createObservation({now, toSafeFields}: ObservationOptions): Observation {
  const registry = new Registry();
  const activity = createActivity(now);
  const events = createEventRing({now, toSafeFields});
  const counter = createEventCounter(registry);
  return {
    watch: log => events.watch(counter.count(log)),
    meter: createMeter(registry, activity),
    activity,
    events,
    registry,
  };
}
