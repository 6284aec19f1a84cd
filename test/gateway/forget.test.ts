import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {findInFiles} from '../helpers/find-in-files.ts';
import {runNexus} from '../helpers/run-nexus-command.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const phone = '+14155550123';
const other = '+14155550124';
const keys = `privacy: {phoneKeys: ["sandbox-phone-key-0123456789"]}`;
const sealing = `encryption: {keys: [{id: k1, key: "${Buffer.alloc(32, 7).toString('base64')}"}]}`;

async function start(t: ExecutionContext, top = keys) {
  const keywords = '    keywords: {mode: handle}';
  const world = await startWorld(t, {
    more: {smppChannel: keywords, twilioChannel: keywords},
    edit: file => {
      const folder = /sqlite:(.*)\/gateway\.db/.exec(file)?.[1] ?? '';
      return `recordings: ${JSON.stringify(join(folder, 'recordings'))}\n${top}\n${file}`;
    },
  });
  const run = (...argv: string[]) =>
    runNexus(argv, {
      GATEWAY_URL: `http://127.0.0.1:${world.gateway().managementPort}`,
      GATEWAY_TOKEN: made.token,
    });
  return {world, run};
}

/** Everything a phone may leave behind: both carriers, both ways, a failure, an order, a record, a text that waits. */
async function live(world: World, run: (...argv: string[]) => Promise<unknown>): Promise<string[]> {
  await run('record', '--plain');
  const texts = ['the first of the texts', 'the second by Twilio', 'the third is refused', 'the last one waits'];
  const [first = '', second = '', third = '', last = ''] = texts;
  await world.reaches(await world.send({to: phone, text: first}), 'delivered');
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: second}), 'delivered');
  world.peers.smsc.faults.next.push({status: 0x0b});
  await world.reaches(await world.send({to: phone, text: third}), 'failed');
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'a word from the phone'});
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  await until('the confirmation', () => world.peers.smsc.phones.some(({text}) => text.startsWith('You have')));
  await world.reaches(await world.send({to: other, text: 'a text for somebody else'}), 'delivered');
  await world.api('/api/pause', {channel: made.twilioChannel});
  await world.send({channel: made.twilioChannel, to: phone, text: last});
  return [...texts, 'a word from the phone'];
}

test('a phone is counted, forgotten in all files, stays out, and another one is untouched', async t => {
  const {world, run} = await start(t);
  const texts = await live(world, run);
  const counted = await run('forget', '--phone', phone);
  t.is(counted.code, 1);
  t.regex(counted.out, /messages +\d/);
  t.regex(counted.out, /texts waiting to be sent: they are failed first, with receipts +1/);
  t.regex(counted.out, /recorded webhooks +\d/);
  t.true(findInFiles(world.folder, [phone.slice(1)]).length > 0);

  const forgotten = await run('forget', '--phone', phone, '--yes');
  t.is(forgotten.code, 0, forgotten.out + forgotten.err);
  t.regex(forgotten.out, /Forgotten, in the files of the store too/);
  await until('the receipt of the text that waited', () =>
    world.peers.nexus.receipts.some(({messages}) =>
      messages.some(message => JSON.stringify(message).includes('the phone is forgotten')),
    ),
  );
  t.deepEqual(findInFiles(world.folder, [phone.slice(1), ...texts]), []);
  t.true(findInFiles(world.folder, [other.slice(1)]).length > 0);
  t.like(await run('forget', '--phone', phone), {code: 0, out: 'Nothing is stored of this phone.\n'});
  t.deepEqual(
    world.lines.filter(line => line.includes(phone.slice(1))),
    [],
  );

  const refused = await world.reaches(await world.send({to: phone, text: 'another campaign'}), 'failed');
  t.like(refused, {reason: {code: 'RecipientOptedOut'}});
  const {audits} = (await world.api('/api/audit?action=forget')).body as {audits: Array<{target: {phone: string}}>};
  t.is(audits[0]?.target.phone, '+1415555****');
});

test('a recorded webhook goes with its phone, however the number is written there', async t => {
  const {world, run} = await start(t);
  await run('record', '--plain');
  await world.reaches(await world.send({to: '+1 (415) 555-0123', text: 'from a contact list'}), 'delivered');
  await world.reaches(await world.send({to: '+1 (415) 555-0124', text: 'for somebody else'}), 'delivered');
  const names = () => readdirSync(world.folder, {recursive: true, encoding: 'utf8'});
  const recordings = () => names().filter(name => /^recordings.*\.json$/.test(name));
  await until('both recordings', () => recordings().length === 2);
  t.regex((await run('forget', '--phone', phone)).out, /recorded webhooks +1/);
  t.is((await run('forget', '--phone', phone, '--yes')).code, 0);
  t.deepEqual(findInFiles(world.folder, ['from a contact list', '555-0123']), []);
  t.true(findInFiles(world.folder, ['for somebody else']).some(found => found.startsWith('recordings')));
});

test('all that is stored of a phone can be told, and the asking is on record', async t => {
  const {world, run} = await start(t, `${keys}\n${sealing}`);
  const texts = await live(world, run);
  t.deepEqual(
    findInFiles(world.folder, texts).filter(found => !found.startsWith('recordings')),
    [],
  );
  const {code, out} = await run('export', '--phone', phone);
  t.is(code, 0);
  const lines = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  for (const text of texts)
    t.true(
      lines.some(line => line.text === text),
      text,
    );
  t.true(lines.some(({kind, state}) => kind === 'consent' && state === 'out'));
  t.true(lines.some(({deadLetter}) => deadLetter !== undefined));
  t.like(lines.at(-1), {kind: 'end'});
  const {audits} = (await world.api('/api/audit?action=export')).body as {audits: Array<{outcome: string}>};
  t.is(audits[0]?.outcome, 'done');
});

test('a receipt the platform was not told yet is waited for, and the order is carried out after a restart', async t => {
  const {world, run} = await start(t);
  const isDone = async () => (await world.api(`/api/forget?phone=${encodeURIComponent(phone)}`)).body.done;
  await world.api('/api/pause', {kind: 'receipt'});
  await world.reaches(await world.send({to: phone, text: 'nobody is told'}), 'delivered');
  t.like((await world.api('/api/forget', {phone, confirm: true})).body, {done: false, held: {receiptsOwed: 1}});
  await world.restart();
  t.false(await isDone());
  await world.api('/api/resume', {kind: 'receipt'});
  await until('the order to be carried out', isDone);
  t.is(world.peers.nexus.receipts.length, 1);
  t.like(await run('forget', '--phone', phone), {code: 0});
  await world.send({to: phone, text: 'a new one'});
  await world.api('/api/forget', {phone, confirm: true, atOnce: true});
  await until('the second order to be carried out', isDone);
});

test('without a key for it a phone on an opt-out list is not forgotten, and one is told what to do', async t => {
  const {world, run} = await start(t, '');
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  await until('the confirmation', () => world.peers.smsc.phones.length === 1);
  const {code, err} = await run('forget', '--phone', phone, '--yes');
  t.is(code, 1);
  t.regex(err, /give privacy\.phoneKeys a secret/);
  t.like(await run('forget', '--phone', phone, '--yes', '--dry-run'), {code: 1});
  t.like(await run('forget'), {code: 64});
});
