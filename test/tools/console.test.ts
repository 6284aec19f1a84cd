import test from 'ava';
import type {Page} from 'playwright-core';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {findViolations, openConsole, readerToken, startConsoleWorld} from './browser.ts';

const phone = '+14155550123';

test('an operator signs in, finds a text by phone, and follows it live to delivered', async t => {
  const world = await startConsoleWorld(t);
  const {page, url, complaints} = await openConsole(t, world);
  await world.api('/api/pause', {carrier: 'smsc-a', reason: 'hold it'});
  const messageId = await world.send({to: phone, text: 'Your table is ready'});

  await page.goto(`${url}/search`);
  await page.fill('#q', '+1 (415) 555-0123');
  await page.press('#q', 'Enter');
  await page.click('table.messages a');
  await page.waitForSelector('.route .badge:text-is("accepted")');
  await world.api('/api/resume', {carrier: 'smsc-a'});
  await page.waitForSelector('.route .badge:text-is("delivered")');
  await page.waitForSelector('.timeline :text("Posted to the platform")');

  t.false((await page.content()).includes('Your table is ready'));
  await page.click('button:has-text("Show the text")');
  t.is(await page.textContent('.text'), 'Your table is ready');
  const {events} = await world.message(messageId);
  t.like(events.at(-1), {event: 'text_shown', detail: {by: 'sandbox'}});
  t.deepEqual(complaints, []);
});

test('a text that fails while somebody looks at it can be replayed there', async t => {
  const world = await startConsoleWorld(t);
  const {page, url, complaints} = await openConsole(t, world);
  await world.api('/api/pause', {carrier: 'smsc-a', reason: 'hold it'});
  const messageId = await world.send({to: phone, text: 'Your table is ready'});
  await page.goto(`${url}/messages/${messageId}`);
  t.is(await page.locator('button:text-is("Replay")').count(), 0);
  world.peers.smsc.faults.next.push({status: 0x0b});
  await world.api('/api/resume', {carrier: 'smsc-a'});
  await page.click('button:text-is("Replay")');
  await page.waitForSelector('.route .badge:text-is("delivered")');
  t.is(await page.locator('button:text-is("Replay")').count(), 0);
  t.deepEqual(complaints, []);
});

test('a text of a sender without a number leads to its others', async t => {
  const world = await startConsoleWorld(t);
  const {page, url} = await openConsole(t, world);
  for (const text of ['one', 'two'])
    await world.peers.smsc.sendFromPhone({from: 'My Bank', to: made.smppChannel, text});
  await page.goto(`${url}/search?q=inbound`);
  await page.click('table.messages a');
  await page.click('a:has-text("All messages with My Bank")');
  t.is(await page.locator('table.messages tbody tr').count(), 2);
});

test('a page that can not be had anew says of when it is', async t => {
  const world = await startConsoleWorld(t);
  const {page, url} = await openConsole(t, world);
  const old = page.locator('#old');
  await page.route(`${url}/`, route => route.abort());
  await page.waitForSelector('#old:has-text("The gateway does not answer. What stands here is of")');
  t.is(await old.getAttribute('role'), 'alert');
  await page.unroute(`${url}/`);
  await old.waitFor({state: 'detached'});
  await page.context().clearCookies();
  await page.waitForSelector('#old:has-text("Your session is over. What stands here is of")');
  t.deepEqual(await findViolations(page), []);
  await page.click('#old a');
  await page.waitForSelector('#token');
});

test('an operator pauses a channel, counts, purges it and resumes', async t => {
  const world = await startConsoleWorld(t);
  const {page, complaints} = await openConsole(t, world);
  await page.selectOption('#channel', made.smppChannel);
  await page.fill('#reason', 'wrong list');
  await page.click('button:text-is("Pause")');
  await page.waitForSelector('#attention :text("Paused by sandbox")');
  const ids = await Promise.all([1, 2, 3].map(number => world.send({to: `+1415555013${number}`, text: 'no'})));

  await page.selectOption('#channel', made.smppChannel);
  await page.fill('#reason', 'wrong list');
  await page.click('button:has-text("Purge")');
  t.is(await page.textContent('.notice strong'), '3');
  await page.click('button:has-text("Purge 3 texts")');
  await page.waitForSelector('.notice :text("Purged: 3 texts"), .notice:has-text("Purged: 3 texts")');
  for (const messageId of ids) {
    const {state, reason} = await world.message(messageId);
    t.is(state, 'failed');
    t.regex(reason?.message ?? '', /purged by sandbox: wrong list/);
  }
  await page.click('#stop button:has-text("Resume")');
  await page.waitForSelector('#stop :text("Nothing is paused or drained.")');
  t.deepEqual(complaints, []);
});

test('an operator drains a channel, pauses a phone, and finds both in the audit', async t => {
  const world = await startConsoleWorld(t);
  const {page, url, complaints} = await openConsole(t, world);
  await page.selectOption('#channel', made.smppChannel);
  await page.fill('#reason', 'a new campaign first');
  await page.click('button:text-is("Drain")');
  await page.waitForSelector('#stop .badge:text-is("draining")');
  await page.fill('#phone', phone);
  await page.fill('#acceptedAfter', '2026-01-01T00:00');
  await page.fill('#reason', 'asked by phone');
  await page.click('button:text-is("Pause")');
  await page.waitForSelector('#stop .badge:text-is("paused")');
  await page.goto(`${url}/audit`);
  t.is(await page.locator('tbody tr').count(), 2);
  t.regex((await page.locator('tbody tr').first().textContent()) ?? '', /sandbox by console.*pause.*1415555\*{4}/s);
  await page.selectOption('#action', 'drain');
  await page.click('button:text-is("Show")');
  t.is(await page.locator('tbody tr').count(), 1);
  t.false((await page.content()).includes(phone));
  t.deepEqual(complaints, []);
});

test('an operator replays a dead letter', async t => {
  const world = await startConsoleWorld(t);
  const {page, url, complaints} = await openConsole(t, world);
  world.peers.smsc.faults.next.push({status: 0x0b});
  const messageId = await world.send({to: phone, text: 'again'});
  await world.reaches(messageId, 'failed');
  await page.goto(`${url}/dead-letters`);
  await page.click('button:has-text("Choose all on this page")');
  await page.click('button:has-text("Replay the chosen")');
  await page.waitForSelector('#progress:has-text("It is done")');
  t.regex((await page.textContent('#progress')) ?? '', /1 replayed/);
  await world.reaches(messageId, 'delivered');
  t.deepEqual(complaints, []);
});

test('a reader sees it all and may do nothing', async t => {
  const world = await startConsoleWorld(t);
  const {page, url} = await openConsole(t, world, {token: readerToken});
  t.is(await page.locator('button:text-is("Pause")').count(), 0);
  const formKey = (await page.locator('input[name=formKey]').first().getAttribute('value')) ?? '';
  const refused = await page.request.post(`${url}/pause`, {form: {formKey, reason: 'x'}});
  t.is(refused.status(), 403);
  t.deepEqual((await world.api('/api/carriers')).body.gates, []);
});

test('the keyboard alone reaches a message', async t => {
  const world = await startConsoleWorld(t);
  const messageId = await world.send({to: phone, text: 'hello'});
  await world.reaches(messageId, 'delivered');
  const {page, url} = await openConsole(t, world);
  await page.keyboard.press('Tab');
  t.is(await focused(page), 'Skip to content');
  await tabTo(page, 'Search');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/search`);
  await page.focus('#q');
  await page.keyboard.type(phone);
  await page.keyboard.press('Enter');
  await page.waitForSelector('table.messages');
  await page.focus('#q');
  await until('the focus on the first message', async () => {
    await page.keyboard.press('Tab');
    return page.evaluate<boolean>(`document.activeElement.matches('table.messages a')`);
  });
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/messages/${messageId}`);
  t.pass();
});

for (const [scheme, width] of [
  ['light', 1200],
  ['dark', 390],
] as const) {
  test(`axe-core finds nothing on any page, ${scheme}, ${width} wide, and none scrolls sideways`, async t => {
    const world = await startConsoleWorld(t);
    const messageId = await world.send({to: phone, text: 'hello'});
    await world.reaches(messageId, 'delivered');
    await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: '19998887777', text: 'who?'});
    const reason = `https://tickets.example.com/${'x'.repeat(172)}`;
    await world.api('/api/pause', {channel: made.twilioChannel, reason});
    await world.send({channel: made.twilioChannel, to: phone, text: 'wait'});
    const list = `channel acme ${made.smppChannel}`;
    t.is((await world.api('/api/consent', {entries: [{phone, list, state: 'out'}]})).status, 200);
    const context = {viewport: {width, height: 900}, colorScheme: scheme};
    const {page, url, complaints} = await openConsole(t, world, {context, token: ''});
    t.deepEqual(await findViolations(page), []);
    await page.fill('#token', made.token);
    await page.press('#token', 'Enter');
    await page.waitForURL(`${url}/`);
    const paths = [
      '/',
      '/search?q=accepted',
      `/messages/${messageId}`,
      '/campaigns',
      '/dead-letters',
      `/opt-outs?phone=${encodeURIComponent(phone)}`,
      '/events',
      '/audit',
      '/nothing',
    ];
    for (const path of paths) {
      await page.goto(`${url}${path}`);
      await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
      t.deepEqual(await findViolations(page), [], path);
      t.true(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), path);
    }
    t.deepEqual(
      complaints.filter(text => !text.includes('404')),
      [],
    );
  });
}

function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`document.activeElement.textContent.trim()`);
}

async function tabTo(page: Page, name: string): Promise<void> {
  await until(`the focus on ${name}`, async () => {
    await page.keyboard.press('Tab');
    return (await focused(page)) === name;
  });
}
