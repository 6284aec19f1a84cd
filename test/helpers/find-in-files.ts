import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';

/** Files below a folder that hold any of these words in their bytes: `gateway.db-wal: +1415…`. */
export function findInFiles(folder: string, words: readonly string[], except: readonly string[] = []): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'}).flatMap(name => {
    const path = join(folder, name);
    if (except.includes(name) || !statSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    return words.filter(word => bytes.includes(word)).map(word => `${name}: ${word}`);
  });
}
