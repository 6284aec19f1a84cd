import {startServer} from '../../test/store/open-postgres.ts';
import {onEveryCore} from './pinned.ts';

export interface BenchPostgres {
  /** Of a schema that nobody has used yet. */
  newUrl(): string;
  stop(): Promise<void>;
}

/** A real server with its own settings, fsync included. It may use every core: in real life it has a machine of its own. */
export function startBenchPostgres(): Promise<BenchPostgres> {
  return onEveryCore(() => startServer());
}
