import type {Channel} from '../../../core/channel.ts';
import type {ProbeReport, ProbeWanted} from '../../platform.ts';
import type {Client} from '../client.ts';
import type {NexusOptions} from '../options.ts';
import {probeLive} from './live.ts';
import {probePaths} from './paths.ts';

export interface ProbeOptions {
  options: NexusOptions;
  client: Client;
  channels: ReadonlyMap<string, Channel>;
  now(): number;
  newId(): string;
}

/** Finds out at a real Nexus what Genesys does not publish: first which routes there are, then, if asked to, how they want to be called. */
export function createProbe(options: ProbeOptions) {
  return async ({channel: id, live}: ProbeWanted): Promise<ProbeReport> => {
    const channel = options.channels.get(id);
    if (channel === undefined) {
      return {
        lines: [],
        findings: [],
        warnings: [`Channel ${id} is not in the configuration: name one of this platform's.`],
      };
    }
    const paths = await probePaths({...options, channel});
    if (live === undefined) return paths.report;
    const called = await probeLive({
      ...options,
      channel,
      phone: live.phone,
      contract: paths.contract,
      routes: paths.routes,
    });
    return {
      lines: [...paths.report.lines, ...called.lines],
      findings: [...paths.report.findings, ...called.findings],
      warnings: [...paths.report.warnings, ...called.warnings],
    };
  };
}
