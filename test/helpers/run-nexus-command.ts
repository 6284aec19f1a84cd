import {type CommandIo, runCommand} from '../../src/cli/index.ts';
import {createConfigReader, loadConfig} from '../../src/config.ts';
import {openPlatforms} from '../../src/gateway.ts';
import {silent} from '../store/silent.ts';
import type {Ran} from './run-command.ts';

/** Runs a command as `main.ts` does, with the real kinds of parties. */
export async function runNexus(argv: string[], env: Record<string, string> = {}): Promise<Ran> {
  const ran = {code: -1, out: '', err: ''};
  const io: CommandIo = {
    out: text => {
      ran.out += text;
    },
    err: text => {
      ran.err += text;
    },
    env,
    openPlatforms: path => openPlatforms(loadConfig({path, env}), silent),
    ...createConfigReader({env}),
  };
  ran.code = await runCommand(argv, io);
  return ran;
}

/** A file with the channel 16504661149 of one Nexus, served by an SMSC that is never called. */
export function nexusFile(url: string, contract = '{}'): string {
  return `
platforms:
  acme: {type: nexus, url: "${url}", ccid: 45acae06-6b7c-4f97-9c76-471cb5c21bf7, contract: ${contract}}
carriers:
  smsc-a: {type: smpp, host: 127.0.0.1, port: 2775, tls: false, systemId: acme, password: secret}
channels:
  - id: "16504661149"
    platform: acme
    address: "+16504661149"
    webhookSecret: webhook-16504661149
    apiSecret: api-16504661149
    carriers: [smsc-a]
`;
}
