import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type CommandIo, runCommand} from '../../src/cli/index.ts';
import {createConfigReader} from '../../src/config.ts';
import {StoreUnavailable} from '../../src/core/store-unavailable.ts';
import type {ManagementParts} from '../../src/management/index.ts';
import {deadLetter, openManagement, operatorToken, readerToken, record} from '../helpers/management-port.ts';
import {partyTypes} from '../helpers/party-types.ts';
import {run} from '../helpers/run-command.ts';

type Many = ManagementParts['operations']['replayMany'];
type Asked = Parameters<Many>[0];

/** 250 dead letters, a hundred a page. */
function createPages() {
  const asked: Asked[] = [];
  const replayMany: Many = async page => {
    asked.push(page);
    const from = Number(page.at?.before ?? 250);
    const before = from - 100;
    const next = before > 0 ? {before: String(before), until: 5, run: '9'} : undefined;
    const left: Record<string, number> = from === 50 ? {unreadable: 1} : {};
    return {done: Math.min(100, from) - (from === 50 ? 1 : 0), left, next, ...(page.at ? {} : {of: 250})};
  };
  return {asked, replayMany};
}

test('replays all that fit, page after page, and tells how far it is', async t => {
  const {asked, replayMany} = createPages();
  const {url} = await openManagement(t, {operations: {replayMany}});
  const filters = ['--reason', 'expired', '--priority', 'bulk', '--phone', '+14155550123', '--since', '2026-11-20'];
  const {code, out, err} = await run(['replay', ...filters, '--rate', '500', '--url', url]);
  t.is(code, 1, 'one is left');
  t.is(err, '100 of 250 replayed\n200 of 250 replayed\n');
  t.is(out, '249 of 250 replayed, 1 left: unreadable\n');
  t.is(asked.length, 3);
  t.like(asked[0], {
    filter: {reason: 'expired', priority: 'bulk', phone: '+14155550123', since: Date.parse('2026-11-20')},
    perSecond: 500,
    at: undefined,
  });
  t.deepEqual(asked[2]?.at, {before: '50', until: 5, run: '9'});
});

test('on a terminal one line changes', async t => {
  const {replayMany} = createPages();
  const {url} = await openManagement(t, {operations: {replayMany}});
  const told = {out: '', err: ''};
  const env = {GATEWAY_TOKEN: operatorToken};
  const io: CommandIo = {
    out: text => {
      told.out += text;
    },
    err: text => {
      told.err += text;
    },
    env,
    isTerminal: true,
    ...createConfigReader({env, ...partyTypes}),
  };
  await runCommand(['replay', '--all', '--url', url], io);
  t.is(told.err, '\r\u001b[K100 of 250 replayed\r\u001b[K200 of 250 replayed');
  t.is(told.out, '\r\u001b[K249 of 250 replayed, 1 left: unreadable\n');
});

test('tells how far it is as JSON, an object a page', async t => {
  const {replayMany} = createPages();
  const {url} = await openManagement(t, {operations: {replayMany}});
  const {out, err} = await run(['replay', '--all', '--json', '--url', url]);
  t.is(err, '');
  const told = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  t.deepEqual(told, [
    {replayed: 100, left: {}, of: 250, finished: false},
    {replayed: 200, left: {}, of: 250, finished: false},
    {replayed: 249, left: {unreadable: 1}, of: 250, finished: true},
  ]);
});

test('waits for a gateway that can not do it now, and asks for the same page again', async t => {
  const {asked, replayMany} = createPages();
  let refused = 0;
  const sometimes: Many = async page => {
    if (page.at?.before === '150' && refused === 0) {
      refused += 1;
      throw new StoreUnavailable('the disk is full');
    }
    return replayMany(page);
  };
  const {url} = await openManagement(t, {operations: {replayMany: sometimes}});
  const {out, err} = await run(['replay', '--all', '--url', url]);
  t.is(out, '249 of 250 replayed, 1 left: unreadable\n');
  t.regex(err, /Nothing was stored; send the same request again\. Trying again\.\n/);
  t.deepEqual(
    asked.map(({at}) => at?.before),
    [undefined, '150', '50'],
  );
});

test('gives up when the gateway stays away, and says how to go on', async t => {
  const never: Many = () => Promise.reject(new StoreUnavailable('the disk is full'));
  const {url} = await openManagement(t, {operations: {replayMany: never}});
  const {code, err} = await run(['replay', '--all', '--patience', '1', '--url', url]);
  t.is(code, 69);
  t.regex(err, /Give the same command again: nothing is done twice\.\n$/);
});

test('settles all that are unknown and fit', async t => {
  const {url, calls} = await openManagement(t);
  const {code, out} = await run(['settle', '--reason', 'restored', '--as', 'sent', '--url', url]);
  t.is(code, 0);
  t.is(out, '2 of 2 settled\n');
  t.like(calls[0], {0: 'settleMany', 1: 'sent', 2: {filter: {reason: 'restored'}, perSecond: 20, limit: 100}});
});

test('counts first when asked, and changes nothing', async t => {
  const {url, calls} = await openManagement(t, {deadLetters: [deadLetter]});
  const {out} = await run(['replay', '--reason', 'refused', '--count', '--url', url]);
  t.is(out, '1 fit; nothing was changed.\n');
  t.deepEqual(
    calls.map(([name]) => name),
    ['countDeadLetters'],
  );
});

const refuses = test.macro({
  async exec(t, argv: string[], code: number, sentence: RegExp) {
    const {url, calls} = await openManagement(t);
    const ran = await run([...argv, '--url', url]);
    t.is(ran.code, code);
    t.regex(ran.err, sentence);
    t.deepEqual(calls, []);
  },
  title: (_, argv: string[]) => `refuses ${argv.join(' ')}`,
});

test(refuses, ['replay'], 64, /Name messages, say which by a filter, or --all/);
test(refuses, ['replay', 'm-1', '--all'], 64, /not both/);
test(refuses, ['settle', '--all'], 64, /Say --as sent, failed or retry/);
test(refuses, ['replay', '--all', '--rate', 'fast'], 64, /--rate takes a number above 0/);
test(refuses, ['replay', '--phone', 'abc!!defghijklmnop'], 1, /country code/);
test(refuses, ['replay', '--since', 'yesterday'], 1, /2026-11-20T22:10:00Z/);
test(refuses, ['dead-letters', 'refused'], 64, /replay --reason/);

test('lists dead letters by every filter', async t => {
  const {url, calls} = await openManagement(t, {deadLetters: [deadLetter]});
  const {out} = await run(['dead-letters', '--carrier', 'smsc-a', '--state', 'failed', '--url', url]);
  t.regex(out, /refused {2}acme {6}16504661149 {2}m-2/);
  t.deepEqual(calls, [['deadLetters', {carrier: 'smsc-a', state: 'failed', limit: 50}]]);
});

test('exports dead letters with their history and without their texts', async t => {
  const {url, calls} = await openManagement(t, {
    store: {deadLetters: async () => ({deadLetters: [{...deadLetter, messageId: 'm-1'}], next: undefined})},
  });
  const {code, out} = await run(['dead-letters', 'export', '--reason', 'refused', '--url', url]);
  t.is(code, 0);
  const line = JSON.parse(out);
  t.like(line, {messageId: 'm-1', reason: 'refused', message: {to: record.to, state: 'delivered'}});
  t.is(line.message.events.length, record.events.length);
  t.false(out.includes(record.text ?? ''));
  t.is(out.split('\n').length, 2);
  t.deepEqual(
    calls.map(([name]) => name),
    ['audit', 'get', 'addDone', 'endAudit'],
  );
});

test('exports messages page by page into a file of their own', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'export-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  const file = join(folder, 'messages.jsonl');
  const {url} = await openManagement(t, {
    store: {
      find: async ({before}) => {
        const from = before === undefined ? 0 : Number(before);
        const messages = Array.from({length: 100}, (_, index) => ({...record, messageId: `m-${from + index}`}));
        return {messages, next: from < 900 ? String(from + 100) : undefined};
      },
    },
  });
  const {code} = await run(['messages', 'export', '--channel', '16504661149', '--out', file, '--url', url]);
  t.is(code, 0);
  const ids = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line).messageId);
  t.deepEqual(
    ids,
    Array.from({length: 1000}, (_, index) => `m-${index}`),
  );
  t.is(statSync(file).mode & 0o777, 0o600);
  const again = await run(['messages', 'export', '--out', file, '--url', url]);
  t.is(again.code, 64);
  t.regex(again.err, /name a new file/);
});

test('an export that is refused leaves no file: the same command is given again', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'export-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  const file = join(folder, 'messages.jsonl');
  const {url} = await openManagement(t, {store: {find: async () => ({messages: [record], next: undefined})}});
  const command = ['messages', 'export', '--out', file, '--url', url];
  t.is((await run(command, {GATEWAY_TOKEN: 'a-wrong-token'})).code, 77);
  t.is((await run(command)).code, 0);
  t.is(JSON.parse(readFileSync(file, 'utf8')).messageId, record.messageId);
});

test('an export is of all that fit, and refuses what would make it a part', async t => {
  const {url, calls} = await openManagement(t);
  for (const command of ['messages', 'dead-letters']) {
    const {code, err} = await run([command, 'export', '--text', '--limit', '3', '--url', url]);
    t.is(code, 64);
    t.regex(err, /of all that fit, without --limit/);
  }
  t.is((await run(['messages', 'export', '--dead-letters', '--url', url])).code, 64);
  t.deepEqual(calls, []);
});

test('texts are exported to an operator alone, and the asking is written down first', async t => {
  const {url, calls} = await openManagement(t);
  const refused = await run(['messages', 'export', '--text', '--url', url], {GATEWAY_TOKEN: readerToken});
  t.is(refused.code, 77);
  t.deepEqual(calls, []);
  const {out} = await run(['messages', 'export', '--text', '--url', url]);
  t.is(JSON.parse(out).text, record.text);
  t.deepEqual(
    calls.map(([name]) => name),
    ['audit', 'find', 'note', 'get', 'addDone', 'endAudit'],
  );
  t.like(calls[0]?.[1], {action: 'export', by: {name: 'ops', via: 'cli'}, outcome: 'begun', target: {text: true}});
});

test('an export that breaks off is told as such', async t => {
  const {url, calls} = await openManagement(t, {
    store: {
      find: async ({before}) => {
        if (before !== undefined) throw new StoreUnavailable('gone');
        return {messages: [record], next: '1'};
      },
    },
  });
  const {code, err} = await run(['messages', 'export', '--url', url]);
  t.is(code, 69);
  t.regex(err, /broke off before its end/);
  t.deepEqual(calls.at(-1), ['endAudit', '1', 'stopped']);
});
