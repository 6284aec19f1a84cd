import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import type {Page} from 'playwright-core';
import {channelList} from '../../src/core/consent.ts';
import {made} from '../../src/sandbox/peers.ts';
import type {World} from '../helpers/world.ts';
import {openBrowser, openConsole, startConsoleWorld} from './browser.ts';

/** `npx ava --config ava.pictures.config.js`: the pictures of the README, of every page, and of some in the dark and on a phone. */
const folder = join(import.meta.dirname, 'pictures');
const all = ['now', 'search', 'message', 'campaigns', 'dead-letters', 'events', 'opt-outs', 'audit'];
const looks = [
  {name: 'light', colorScheme: 'light', width: 1200, pages: all},
  {name: 'dark', colorScheme: 'dark', width: 1200, pages: ['now', 'message']},
  {name: 'phone', colorScheme: 'dark', width: 390, pages: ['now', 'search', 'message']},
] as const;

test('takes a picture of every page', async t => {
  mkdirSync(folder, {recursive: true});
  const world = await startConsoleWorld(t);
  const messageId = await makeHistory(world);
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const paths: Readonly<Record<string, string>> = {
    now: '/',
    search: `/search?q=${encodeURIComponent('+14155550101')}`,
    message: `/messages/${messageId}`,
  };
  for (const {name, colorScheme, width, pages} of looks) {
    const context = {colorScheme, viewport: {width, height: 800}};
    const {page, url} = await openConsole(t, world, {browser, context});
    for (const what of pages) {
      await page.goto(`${url}${paths[what] ?? `/${what}`}`);
      await picture(page, `${what}-${name}`);
    }
    await page.context().close();
  }
  t.pass();
});

/** As after a morning: texts both ways, a failure, one that nobody is there for, something paused. */
async function makeHistory(world: World): Promise<string> {
  const {smsc} = world.peers;
  const texts = Array.from({length: 24}, (_, number) => ({
    to: `+141555501${String(number % 6).padStart(2, '0')}`,
    text: number % 5 === 0 ? 'Your order has left our house. '.repeat(8) : 'Your table is ready.',
    channel: number % 4 === 0 ? made.twilioChannel : made.smppChannel,
  }));
  const ids: string[] = [];
  for (const text of texts) ids.push(await world.send(text));
  for (const id of ids) await world.reaches(id, 'delivered', 60_000);
  smsc.faults.next.push({status: 0x0b});
  await world.reaches(await world.send({to: '+14155550199', text: 'x'}), 'failed');
  await smsc.sendFromPhone({from: '14155550101', to: made.smppChannel, text: 'On my way'});
  await smsc.sendFromPhone({from: '14155550102', to: '19998887777', text: 'Hello?'});
  const list = channelList('acme', made.smppChannel);
  for (const phone of ['+14155550107', '+14155550108']) {
    await world.api('/api/consent', {entries: [{list, phone, state: 'out'}]});
  }
  await world.api('/api/pause', {channel: made.twilioChannel, reason: 'number is being moved'});
  for (let number = 0; number < 3; number += 1) {
    await world.send({channel: made.twilioChannel, to: `+1415555013${number}`, text: 'Later'});
  }
  return ids[5] ?? '';
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({path: join(folder, `${name}.png`), fullPage: true});
}
