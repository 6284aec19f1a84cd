/** The table "Who may import whom" of the style guide, as code; what it finds are sentences. */

export interface SourceFile {
  /** From the repository's root: `src/core/text.ts`. */
  path: string;
  text: string;
}

interface Import {
  /** `src/…` for a relative one, else a package or `node:…`. */
  target: string;
  typesOnly: boolean;
}

const contracts = ['src/store/store.ts', 'src/carriers/carrier.ts', 'src/platforms/platform.ts'];
/** Beside the table's two: where lines go, and the gateway between pretend peers. */
const startable = ['src/config.ts', 'src/gateway.ts', 'src/log.ts', 'src/sandbox.ts'];
const pureNames = /(^|\/)(wire|text|timers|signature)\.ts$/;
const clock = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/;
const wallClock = /\bDate\.now\b|\bnew Date\(\s*\)/;
const waits = /\bset(Timeout|Interval|Immediate)\b|\bfetch\(|\bprocess\./;
/** Of Node's own modules, those that only compute. */
const computing = ['node:crypto', 'node:buffer', 'node:util', 'node:url', 'node:querystring', 'node:assert'];
const reaching = ['got', 'undici', 'pg', 'better-sqlite3', 'koa', '@koa/router', 'koa-bodyparser', 'pino'];
const maxLines = 200;

/** Every breach of the floors in these files. */
export function findBreaches(files: readonly SourceFile[]): string[] {
  return files.flatMap(file => [...findImportBreaches(file), ...findPurityBreaches(file), ...findShapeBreaches(file)]);
}

function findImportBreaches({path, text}: SourceFile): string[] {
  return listImports({path, text})
    .filter(found => !mayImport(path, found))
    .map(({target, typesOnly}) => `${path} may not import ${typesOnly ? 'types of ' : ''}${target}`);
}

function mayImport(path: string, {target, typesOnly}: Import): boolean {
  const isOwn = target.startsWith('src/') || target.startsWith('provisioning/');
  const floor = floorOf(path);
  if (floor === 'core') return target.startsWith('src/core/');
  if (!isOwn) return floor !== 'relay' || target.startsWith('node:');
  if (target.startsWith('src/core/')) return floor !== 'main';
  if (isSameRoom(path, target)) return true;
  switch (floor) {
    case 'main':
      return target.startsWith('src/cli/') || startable.includes(target);
    case 'root':
      return !target.startsWith('src/cli/') && target !== 'src/main.ts' && !target.startsWith('provisioning/');
    case 'relay':
    case 'management':
      return typesOnly && contracts.includes(target);
    case 'cli':
      return (typesOnly && contracts.includes(target)) || target.startsWith('provisioning/');
    case 'carriers':
      return target === 'src/carriers/carrier.ts' || path === 'src/carriers/index.ts';
    case 'platforms':
      return target === 'src/platforms/platform.ts' || path === 'src/platforms/index.ts';
    case 'provisioning':
      return target === 'src/config.ts';
    default:
      return false;
  }
}

/** `core`, `relay`, `store`, …; `main` and `root` for the files of `src` itself and the rooms of `config.ts`. */
function floorOf(path: string): string {
  if (path === 'src/main.ts') return 'main';
  if (path.startsWith('provisioning/')) return 'provisioning';
  const [, room, ...rest] = path.split('/');
  return rest.length === 0 || room === 'config' ? 'root' : (room ?? 'root');
}

/** Each carrier and each platform is a room of its own; the other floors are one room each. */
function isSameRoom(path: string, target: string): boolean {
  if (path.startsWith('provisioning/')) return target.startsWith('provisioning/');
  const depth = /^src\/(carriers|platforms)\/[^/]+\//.test(path) ? 3 : 2;
  const room = path.split('/').slice(0, depth);
  if (floorOf(path) === 'root' || floorOf(path) === 'main') return false;
  return room.length === depth && target.startsWith(`${room.join('/')}/`) && target.split('/').length > depth;
}

function findPurityBreaches({path, text}: SourceFile): string[] {
  const code = stripComments(text);
  const breaches: string[] = [];
  const mayKnowTime = path === 'src/gateway.ts' || path.startsWith('src/sandbox/');
  if (!mayKnowTime && wallClock.test(code)) breaches.push(`${path} reads the clock: be given the time`);
  const isPure = pureNames.test(path) || path.startsWith('src/core/');
  if (!isPure) return breaches;
  if (clock.test(code) && breaches.length === 0) breaches.push(`${path} reads the clock: be given the time`);
  if (waits.test(code)) breaches.push(`${path} waits or reaches out: it must be pure`);
  for (const {target, typesOnly} of listImports({path, text})) {
    const reaches = target.startsWith('node:') ? !computing.includes(target) : reaching.includes(target);
    if (reaches && !typesOnly) breaches.push(`${path} imports ${target}: it must be pure`);
  }
  return breaches;
}

function findShapeBreaches({path, text}: SourceFile): string[] {
  const breaches: string[] = [];
  const lines = text.split('\n').length - 1;
  if (lines > maxLines) breaches.push(`${path} has ${lines} lines: cut it where its second subject begins`);
  if (!path.endsWith('.d.ts') && /^export default\b|^export \{[^}]*\bas default\b/m.test(stripComments(text))) {
    breaches.push(`${path} has a default export: name it`);
  }
  for (const match of stripComments(text).matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
    if (!/\.(ts|json)$/.test(match[1] ?? '')) breaches.push(`${path} imports ${match[1]} without its ending`);
  }
  return breaches;
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/gm;
const call = /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)|\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]/g;

export function listImports({path, text}: SourceFile): Import[] {
  const code = stripComments(text);
  const stated = [...code.matchAll(statement)].map(match => ({
    name: match[2] ?? '',
    typesOnly: match[1] !== undefined,
  }));
  const called = [...code.matchAll(call)].map(match => ({name: match[1] ?? match[2] ?? '', typesOnly: false}));
  return [...stated, ...called].map(({name, typesOnly}) => ({target: resolve(path, name), typesOnly}));
}

function resolve(path: string, name: string): string {
  if (!name.startsWith('.')) return name.startsWith('node:') ? name : name.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1');
  const steps = path.split('/').slice(0, -1);
  for (const step of name.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** Strings are left alone as far as a line tells: enough for code that a formatter has laid out. */
function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;,{(])\/\/.*$/gm, '$1');
}
