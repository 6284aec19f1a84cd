import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BenchPostgres, startBenchPostgres} from './postgres.ts';

export interface Engine {
  name: 'SQLite' | 'PostgreSQL';
  /** Of a store that nobody has used yet. */
  newUrl(): string;
}

export interface Engines {
  all: readonly Engine[];
  stop(): Promise<void>;
}

/** @param names `sqlite`, `postgres`, or both with a comma */
export async function startEngines(names: string): Promise<Engines> {
  const wanted = names.split(',');
  const folder = mkdtempSync(join(tmpdir(), 'bench-store-'));
  const postgres: BenchPostgres | undefined = wanted.includes('postgres') ? await startBenchPostgres() : undefined;
  let files = 0;
  const all: Engine[] = [];
  if (wanted.includes('sqlite')) all.push({name: 'SQLite', newUrl: () => `sqlite:${join(folder, `${files++}.db`)}`});
  if (postgres !== undefined) all.push({name: 'PostgreSQL', newUrl: postgres.newUrl});
  return {
    all,
    async stop() {
      await postgres?.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
