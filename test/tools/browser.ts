import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {ExecutionContext} from 'ava';
import {type Browser, type BrowserContextOptions, chromium, type Page} from 'playwright-core';
import {made} from '../../src/sandbox/peers.ts';
import {startWorld, type World} from '../helpers/world.ts';

/** Debian's (package chromium); elsewhere another one may be named. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const readerToken = 'console-reader-token';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage']});
}

/** A gateway between pretend peers, with a reader beside the operator. */
export function startConsoleWorld(t: ExecutionContext): Promise<World> {
  const reader = `{name: eve, role: reader, token: ${readerToken}}`;
  return startWorld(t, {edit: file => file.replace('tokens: [', `tokens: [${reader}, `)});
}

/** A page of a browser of its own, on the console; complaints of the page end up in `complaints`. */
export async function openConsole(
  t: ExecutionContext,
  world: World,
  options: {token?: string; context?: BrowserContextOptions; browser?: Browser} = {},
): Promise<{page: Page; url: string; complaints: string[]}> {
  const browser = options.browser ?? (await openBrowser());
  if (options.browser === undefined) t.teardown(() => browser.close());
  const context = await browser.newContext({locale: 'en-GB', timezoneId: 'UTC', ...options.context});
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', line => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  page.on('pageerror', error => complaints.push(error.message));
  const url = `http://127.0.0.1:${world.gateway().managementPort}/console`;
  const token = options.token ?? made.token;
  await page.goto(`${url}/`);
  if (token !== '') {
    await page.fill('#token', token);
    await page.press('#token', 'Enter');
    await page.waitForURL(`${url}/`);
  }
  return {page, url, complaints};
}

export interface Violation {
  id: string;
  nodes: string[];
}

/** What axe-core finds wrong with the page as it is. The page's own policy would not let axe in: it comes by the debugger. */
export async function findViolations(page: Page): Promise<Violation[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', {expression: axe});
  const {result} = await session.send('Runtime.evaluate', {
    expression: `axe.run().then(({violations}) => JSON.stringify(violations.map(({id, nodes}) => ({id, nodes: nodes.map(({html}) => html)}))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(String(result.value));
}
