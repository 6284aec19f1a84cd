import {randomUUID} from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {isNetworkFileSystem} from '../../src/core/file-system.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

export interface StoreFacts {
  path: string;
  /** Why nothing can be written: a code of the system. */
  unwritable: string | undefined;
  /** As statfs(2) tells it. */
  fileSystem: number;
  freeBytes: number;
  /** The middle one of a few writes of a page, each with fsync. */
  fsyncMs: number;
  /** The file is there and others may read it. */
  readable: boolean;
  /** Something is there that is no file. */
  isNoFile: boolean;
}

const tries = 9;
const pageBytes = 4096;
const slowMs = 50;
const tooSlowMs = 250;
const lowBytes = 1_000_000_000;
const fullBytes = 100_000_000;

/** Looks at the folder of an SQLite file; writes a page beside it and takes it away again. The store itself is not opened. */
export function lookAtStore(file: string): StoreFacts {
  const path = resolve(file);
  const facts = {
    path,
    unwritable: undefined,
    fileSystem: 0,
    freeBytes: 0,
    fsyncMs: 0,
    readable: false,
    isNoFile: false,
  };
  try {
    Object.assign(facts, lookAtFile(path));
    const folder = findFolder(dirname(path));
    accessSync(folder, constants.W_OK);
    const {type, bavail, bsize} = statfsSync(folder);
    return {...facts, fileSystem: type, freeBytes: bavail * bsize, fsyncMs: measure(folder)};
  } catch (error) {
    return {...facts, unwritable: error instanceof Error && 'code' in error ? String(error.code) : 'unknown'};
  }
}

export function judgeStore(facts: StoreFacts): Finding[] {
  const {path, unwritable, fileSystem, freeBytes, fsyncMs} = facts;
  if (facts.isNoFile)
    return [problem('store_no_file', `${path} is not a file: name one in store, as sqlite:data/gateway.db.`)];
  if (unwritable !== undefined) {
    const message = `${path} can't be written (${unwritable}): give the gateway's user its folder, or name another in store.`;
    return [problem('store_not_writable', message)];
  }
  if (isNetworkFileSystem(fileSystem)) {
    const message = `${path} is on a network file system, where SQLite loses data: use a local disk, or store: postgres://…`;
    return [problem('store_network_file_system', message)];
  }
  const findings = [...judgeRoom(path, freeBytes), ...judgeSync(path, fsyncMs)];
  if (facts.readable) {
    findings.push(warning('store_readable', `${path} may be read by others and holds texts: chmod 600 ${path}*.`));
  }
  if (findings.length > 0) return findings;
  const free = `${Math.floor(freeBytes / 1_000_000_000)} GB free`;
  return [
    ok('store', `${path} is writable, on a local file system, ${free}; a write is safe in ${fsyncMs.toFixed(1)} ms.`),
  ];
}

function judgeRoom(path: string, freeBytes: number): Finding[] {
  if (freeBytes >= lowBytes) return [];
  const left = `The disk of ${path} has ${Math.floor(freeBytes / 1_000_000)} MB left`;
  if (freeBytes < fullBytes)
    return [problem('store_full', `${left}: webhooks are about to be answered 503. Make room now.`)];
  return [warning('store_low', `${left}: make room, or shorten retention.`)];
}

function judgeSync(path: string, fsyncMs: number): Finding[] {
  if (fsyncMs < slowMs) return [];
  const told = `A write to ${path} is safe after ${Math.round(fsyncMs)} ms`;
  if (fsyncMs >= tooSlowMs)
    return [problem('store_too_slow', `${told}: answers to Nexus wait for it. Use a faster disk.`)];
  return [
    warning('store_slow', `${told}: a campaign will crawl. A disk with its own battery or an SSD does it in a few.`),
  ];
}

function lookAtFile(path: string): Pick<StoreFacts, 'readable' | 'isNoFile'> {
  const stats = statSync(path, {throwIfNoEntry: false});
  if (stats === undefined) return {readable: false, isNoFile: false};
  return {readable: (stats.mode & 0o077) !== 0, isNoFile: !stats.isFile()};
}

/** The folder, or the nearest one above in which the gateway would make it. */
function findFolder(folder: string): string {
  return statSync(folder, {throwIfNoEntry: false}) === undefined ? findFolder(dirname(folder)) : folder;
}

function measure(folder: string): number {
  const path = join(folder, `.doctor-${randomUUID()}`);
  const fd = openSync(path, 'wx', 0o600);
  try {
    const page = Buffer.alloc(pageBytes, 1);
    const times = Array.from({length: tries}, () => {
      const begun = performance.now();
      writeSync(fd, page);
      fsyncSync(fd);
      return performance.now() - begun;
    });
    return times.sort((one, other) => one - other)[Math.floor(tries / 2)] ?? 0;
  } finally {
    closeSync(fd);
    unlinkSync(path);
  }
}
