import type {Registry} from 'prom-client';
import type {Log} from '../../core/log.ts';
import type {Tracer} from '../../core/tracer.ts';
import {createExporter, createSpanCounter, type ExporterSettings} from './exporter.ts';
import {createTracer} from './tracer.ts';

export interface TraceSettings extends ExporterSettings {
  share: number;
}

export interface Traces {
  /** None when nobody asked for traces. */
  tracer?: Tracer;
  stop(): Promise<void>;
}

export function createTraces(options: {settings?: TraceSettings | undefined; log: Log; registry: Registry}): Traces {
  const {settings, log, registry} = options;
  const counter = createSpanCounter(registry);
  if (settings === undefined) return {stop: async () => {}};
  const {tell, stop} = createExporter({settings, log, counter});
  return {tracer: createTracer({share: settings.share, tell}), stop};
}
