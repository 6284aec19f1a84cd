import type {OpenParties} from '../../provisioning/doctor/index.ts';
import type {OpenNumbers} from '../../provisioning/setup/index.ts';
import type {Channel} from '../core/channel.ts';
import type {Platform} from '../platforms/platform.ts';

/** Exit codes of every command (sysexits.h where it has one). */
export const exit = {
  ok: 0,
  /** The gateway said no: no such message, nothing to replay, nothing purged. */
  refused: 1,
  /** Nothing is wrong that could be seen, and a person should look (`doctor`). */
  doubtful: 2,
  usage: 64,
  /** The gateway can't be reached, or answered 5XX. */
  unavailable: 69,
  /** The token is missing, wrong, or may only read. */
  forbidden: 77,
  config: 78,
} as const;

/** How many rows of each table, or why nothing was moved. */
export type Moved = {moved: ReadonlyMap<string, number>} | {refused: string};

export type ExitCode = (typeof exit)[keyof typeof exit];

/** What a command may touch of the world; `main.ts` hands it over. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** What `err` writes to is a terminal: one line may change. */
  isTerminal?: boolean;
  /** Resolves when what was given to `out` has gone on. */
  drained?(): Promise<void>;
  env: Readonly<Record<string, string | undefined>>;
  /** Reads a configuration file exactly as `start` would. */
  readConfig(path: string): {config: CheckedConfig} | {mistakes: readonly ConfigMistake[]};
  /** The numbers at the carriers of a configuration, for `provision`; without it their webhooks are left alone. */
  openNumbers?: OpenNumbers;
  /** The platforms of a configuration file without mistakes, to be asked something; nothing they might hand in is taken. */
  openPlatforms?(path: string): ReadonlyMap<string, Platform>;
  /** The parties of a configuration, for `doctor` to look at. */
  openParties?: OpenParties;
  /** Moves a store to another engine; `tell` hears how far it is. */
  moveStore?(from: string, to: string, tell: (line: string) => void): Promise<Moved>;
  /** Says that the store of this configuration is a backup. */
  setStoreAside?(path: string): Promise<{count: number} | {refused: string}>;
  /** The README's tables of settings. */
  settingsMarkdown(): string;
}

/** What `check` tells of a configuration without mistakes. */
export interface CheckedConfig {
  listen: {host: string; port: number};
  publicUrl: string | undefined;
  management: {host: string; port: number; tokens: readonly {name: string; role: string}[]};
  store: string;
  platforms: ReadonlyMap<string, {type: string}>;
  carriers: ReadonlyMap<string, {type: string}>;
  channels: readonly Channel[];
  warnings: readonly string[];
}

export interface ConfigMistake {
  file: string;
  line: number | undefined;
  path: string;
  message: string;
}

export interface Option {
  type: 'string' | 'boolean';
  /** How its value is called in the help. */
  value?: string;
  help: string;
}

export interface Input {
  /** A text option, if it was given. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  positionals: readonly string[];
}

export interface Command {
  name: string;
  summary: string;
  /** What stands after the name: `<messageId>…`. */
  operands: string;
  options: Readonly<Record<string, Option>>;
  run(input: Input, io: CommandIo): Promise<ExitCode>;
}

/** The caller's mistake, told with a pointer to the help. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
