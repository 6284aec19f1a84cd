import type {Config} from './config.ts';
import type {Channel} from './core/channel.ts';
import type {Log} from './core/log.ts';
import type {Platform} from './platforms/platform.ts';
import {createRecordings} from './recorder/forget.ts';
import {createRecorder} from './recorder/index.ts';
import {createForget} from './relay/forget.ts';
import type {Store} from './store/store.ts';

export interface PrivacyOptions {
  config: Pick<Config, 'recordings'>;
  store: Store;
  channels(): readonly Channel[];
  platforms(): ReadonlyMap<string, Platform>;
  log: Log;
  now(): number;
}

/** What is written down of people on request, and what forgets them. */
export function openPrivacy({config, store, channels, platforms, log, now}: PrivacyOptions) {
  const recorder = createRecorder({
    folder: config.recordings,
    known: () => channels().flatMap(({id, address}) => [id, address]),
    secretHeaders: () => [...platforms().values()].flatMap(platform => platform.secretHeaders ?? []),
    log,
    now,
  });
  return {recorder, forget: createForget({store, recordings: createRecordings(config.recordings), log})};
}
