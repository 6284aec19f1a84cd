import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Config, ConfigError, loadConfig} from '../../src/config.ts';
import {partyTypes} from './party-types.ts';

/** A configuration without a mistake; tests replace or append lines. */
export const goodFile = `
publicUrl: https://sms.example.com/
platforms:
  acme: {type: desk, url: https://desk.example.com}
carriers:
  north: {type: pigeon, loft: attic}
  south: {type: pigeon, loft: tower}
channels:
  - id: "16504661149"
    platform: acme
    address: "+16504661149"
    webhookSecret: webhook-secret
    apiSecret: api-secret-1
    carriers: [north, {carrier: south, ring: red}]
`;

/** Writes the files into a folder of the test's own; the first is the configuration. */
export function writeFiles(t: ExecutionContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0] ?? '');
}

export interface Loaded {
  config: Config | undefined;
  /** `path: sentence`, without the file. */
  mistakes: string[];
}

export function load(t: ExecutionContext, text: string, env = {}, extras: Record<string, string> = {}): Loaded {
  const path = writeFiles(t, {'gateway.yaml': text, ...extras});
  try {
    return {config: loadConfig({path, env, ...partyTypes}), mistakes: []};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {config: undefined, mistakes: error.mistakes.map(mistake => `${mistake.path}: ${mistake.message}`)};
  }
}
