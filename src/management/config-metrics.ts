import {Gauge, type Registry} from 'prom-client';
import type {ReloadState} from './parts.ts';

const prefix = 'nexus_gateway_';

/** Whether what stands in the files is what is served; named as Prometheus names its own. */
export function createConfigGauges(registry: Registry) {
  const registers = [registry];
  const successful = new Gauge({
    name: `${prefix}config_last_reload_successful`,
    help: 'Whether the configuration was taken over when it was read last: 1 or 0.',
    registers,
  });
  const successAt = new Gauge({
    name: `${prefix}config_last_reload_success_timestamp_seconds`,
    help: 'When a configuration was taken over last.',
    registers,
  });
  const needsRestart = new Gauge({
    name: `${prefix}config_needs_restart`,
    help: 'Settings in the files that wait for a restart.',
    registers,
  });
  const leaving = new Gauge({
    name: `${prefix}config_leaving`,
    help: 'Channels, and ways of channels by a carrier, that left the configuration and are not empty yet.',
    registers,
  });

  return {
    set(state: ReloadState): void {
      successful.set(state.successful ? 1 : 0);
      successAt.set(state.successAt / 1000);
      needsRestart.set(state.needsRestart.length);
    },
    setLeaving: (count: number) => leaving.set(count),
  };
}
