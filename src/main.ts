#!/usr/bin/env node
import {once} from 'node:events';
import {setTimeout} from 'node:timers/promises';
import {runCommand} from './cli/index.ts';
import {
  type Config,
  ConfigError,
  createConfigReader,
  formatMistake,
  loadConfig,
  readSources,
  watchSources,
} from './config.ts';
import {
  createNumberAccounts,
  type Gateway,
  moveStoreTo,
  openParties,
  openPlatforms,
  StoreRefused,
  StoreUnavailable,
  setRestoredAside,
  startGateway,
} from './gateway.ts';
import {createLog, type GatewayLog} from './log.ts';
import {startSandbox} from './sandbox.ts';

/** BSD's sysexits: what a supervisor can tell apart. */
const exitCodes = {unavailable: 69, lost: 70, config: 78, unread: 141} as const;
/** Callers that were waiting get their 503 before the process ends. */
const lastWordsMs = 500;
/** Whoever starts this may pass a signal on that came here as well, as npm does: within this time it is the same one. */
const echoMs = 1000;

const {env} = process;
const reader = createConfigReader({env});
const out = (text: string) => process.stdout.write(text);
const err = (text: string) => process.stderr.write(text);
const [command = 'start', ...rest] = process.argv.slice(2);

if (command !== 'start' || rest.length > 0) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endUnread);
  process.exitCode = await runCommand([command, ...rest], {
    out,
    err,
    env,
    isTerminal: process.stderr.isTTY === true,
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    openNumbers: createNumberAccounts,
    openParties: config => openParties(config, openCommandLog()),
    moveStore: (from, to, tell) => moveStoreTo(from, to, openCommandLog(), tell),
    setStoreAside: path => setRestoredAside(loadConfig({path, env}), openCommandLog()),
    openPlatforms: path => openPlatforms(loadConfig({path, env}), openCommandLog()),
    ...reader,
  });
} else if (env.GATEWAY_CONFIG) await serve(env.GATEWAY_CONFIG);
else await play();

/** Whoever reads what a command tells has seen enough, as `head` has: it ends as others do by SIGPIPE. */
function endUnread(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? exitCodes.unread);
}

/** A command's answer has stdout for itself. */
function openCommandLog() {
  return createLog({level: 'error', pretty: false, destination: {write: err}});
}

/** Without a configuration: the gateway between pretend parties, in a folder that is kept. */
async function play(): Promise<void> {
  const log = createLog({level: 'warn', pretty: true});
  const ports = {publicPort: 8080, managementPort: 8081};
  const onLost = (error: Error) => void endLost(error);
  const asked = awaitSignals();
  const print = (line: string) => console.log(line);
  try {
    await untilStopped(asked, await startSandbox({folder: 'data', ...ports, log, onLost, print}));
  } catch (error) {
    tellWhy(error);
    // The pretend parties have started, and there is nothing between them.
    process.exit();
  }
}

/** Serves the configured parties until a signal says stop. */
async function serve(path: string): Promise<void> {
  const follow = followConfig(path);
  try {
    const config = loadConfig({path, env});
    const log = createLog({level: config.log.level, pretty: process.stdout.isTTY});
    for (const warning of config.warnings) log.warn('config.warning', {why: warning});
    const asked = awaitSignals();
    const onLost = (error: Error) => void endLost(error);
    follow.watch(config, log);
    const gateway = await startGateway({config, log, onLost, readConfig: () => read(path)});
    await follow.begin(gateway);
    await untilStopped(asked, {drain: gateway.drain, stop: () => follow.end().then(gateway.stop)}, config.stopDelayMs);
  } catch (error) {
    await follow.end();
    tellWhy(error);
  }
}

/** A changed configuration is taken over when somebody says so (SIGHUP), and when its files are others; what happens during the start counts. */
function followConfig(path: string) {
  let gateway: Pick<Gateway, 'reload'> | undefined;
  let missed: string | undefined;
  let unwatch = async () => {};
  const since = readSources(path).digest;
  process.on('SIGHUP', () => void reload('SIGHUP'));

  async function reload(by: string): Promise<void> {
    if (gateway === undefined) missed = by;
    else await gateway.reload(by);
  }

  return {
    watch({reload: {watch, settle, look}}: Config, log: GatewayLog): void {
      const onChange = () => reload('the files');
      if (watch) unwatch = watchSources({path, since, settleMs: settle, lookMs: look, onChange, log});
    },
    async begin(started: Gateway): Promise<void> {
      gateway = started;
      if (missed !== undefined) await reload(missed);
    },
    end: () => unwatch(),
  };
}

/** SIGTERM, also one that came during the start: not ready, still taking for `stopDelay`, then what is in flight, then the end. A second one skips the delay. */
async function untilStopped(asked: ReturnType<typeof awaitSignals>, gateway: Stoppable, delayMs = 0): Promise<void> {
  await asked.first;
  gateway.drain();
  const skip = new AbortController();
  await Promise.race([asked.second, setTimeout(delayMs, undefined, {signal: skip.signal})]);
  skip.abort();
  await gateway.stop();
}

type Stoppable = Pick<Gateway, 'drain' | 'stop'>;

/** A third one ends the process at once. */
function awaitSignals() {
  const told = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let count = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  const onSignal = (signal: NodeJS.Signals) => {
    if (performance.now() - lastAt < echoMs) return;
    lastAt = performance.now();
    count += 1;
    if (count <= told.length) told[count - 1]?.resolve();
    else process.off(signal, onSignal).kill(process.pid, signal);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return {first: told[0].promise, second: told[1].promise};
}

function read(path: string): {config: Config} | {mistakes: readonly string[]} {
  const found = reader.readConfig(path);
  return 'config' in found ? found : {mistakes: found.mistakes.map(formatMistake)};
}

function tellWhy(error: unknown): void {
  if (error instanceof ConfigError) {
    for (const mistake of error.mistakes) console.error(formatMistake(mistake));
    const count = error.mistakes.length;
    console.error(`${count} ${count === 1 ? 'mistake' : 'mistakes'} in the configuration: nothing was started.`);
    process.exitCode = exitCodes.config;
    return;
  }
  if (error instanceof StoreRefused) {
    console.error(error.message);
    process.exitCode = exitCodes.config;
    return;
  }
  if (error instanceof StoreUnavailable) {
    console.error(`The store can't be reached: ${error.message}. Nothing was started; start again once it answers.`);
    process.exitCode = exitCodes.unavailable;
    return;
  }
  if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
    const why = error.code === 'EACCES' ? 'needs rights this user does not have' : 'is in use by another process';
    console.error(`A port of listen or management ${why}: choose another in the configuration. (${error.message})`);
    process.exitCode = exitCodes.config;
    return;
  }
  throw error;
}

/** Nothing can be stored any more and what is in flight can't be settled: there is nothing to wait for. */
async function endLost(error: Error): Promise<void> {
  console.error(`the store is lost: ${error.message}`);
  await setTimeout(lastWordsMs);
  process.exit(exitCodes.lost);
}
