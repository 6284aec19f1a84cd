import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {writeFiles} from '../helpers/config-file.ts';
import {runNexus} from '../helpers/run-nexus-command.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const list = `channel acme ${made.smppChannel}`;
const phone = '+14155550123';

async function start(t: ExecutionContext, keywords = '{mode: handle}') {
  const more = {smsc: '    messagesPerSecond: 500', smppChannel: `    keywords: ${keywords}`};
  const world = await startWorld(t, {more});
  const url = `http://127.0.0.1:${world.gateway().managementPort}`;
  const run = (...argv: string[]) => runNexus(argv, {GATEWAY_URL: url, GATEWAY_TOKEN: made.token});
  return {world, run, url};
}

test('a phone is looked up with its evidence, and taken off by an operator', async t => {
  const {world, run} = await start(t);
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  const found = await until('the opt-out', async () => {
    const {out} = await run('consent', 'list', '--phone', phone);
    return out.includes('out') ? out : undefined;
  });
  t.regex(found, /\+14155550123 +out +channel acme 16504661149 .* keyword +\S{32}/);
  t.like(await run('consent', 'in', phone, '--list', list), {code: 0, out: 'The phone is in.\n'});
  t.like(await run('consent', 'in', phone, '--list', list), {code: 0, out: 'It was in already.\n'});
  const {out} = await run('consent', 'list', '--phone', phone, '--history');
  t.regex(out, /operator +sandbox\n[\s\S]*keyword/);
  await world.reaches(await world.send({to: phone, text: 'welcome'}), 'delivered');
});

test('who is opted out as the platform writes it is found by that, and by its number', async t => {
  const {run} = await start(t);
  const written = `whatsapp:${phone}`;
  await run('consent', 'out', written, '--list', list);
  for (const asked of [written, phone]) {
    t.regex((await run('consent', 'list', '--phone', asked)).out, /\+14155550123 +out/);
    t.regex((await run('consent', 'export', '--phone', asked)).out, /\n\+14155550123,/);
  }
});

test('lists go out as CSV and come in again, by the command and by the API', async t => {
  const {world, run, url} = await start(t);
  const csv = `\uFEFFphone,state,at\r\n+1 (415) 555-0123,out,2026-01-31T09:15:02Z\r\n\r\n"+14155550124",,\r\n`;
  const file = writeFiles(t, {'list.csv': csv});
  t.like(await run('consent', 'import', file, '--list', list), {
    code: 0,
    out: '2 lines, 2 changed something; what is newer than its line stayed.\n',
  });
  await world.reaches(await world.send({to: phone, text: 'a sale'}), 'failed');
  const {out} = await run('consent', 'export', '--list', list);
  t.regex(out, /^phone,list,state,at,source\n/);
  t.true(out.includes(`${phone},${list},out,2026-01-31T09:15:02.000Z,import\n`));
  const answer = await fetch(`${url}/api/consent?format=csv`, {headers: {authorization: `Bearer ${made.token}`}});
  t.is(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
  t.is(await answer.text(), out);
  const {body} = await world.api('/api/audit?action=export');
  const told = body.audits as Array<{target: object; done: number; outcome: string; via: string}>;
  t.deepEqual(
    told.map(({target, done, outcome}) => ({target, done, outcome})),
    [
      {target: {what: 'opt-outs'}, done: 2, outcome: 'done'},
      {target: {what: 'opt-outs', list}, done: 2, outcome: 'done'},
    ],
  );
});

test('a file with mistakes changes nothing, and no list but the configured ones is written', async t => {
  const {run} = await start(t);
  const file = writeFiles(t, {'list.csv': 'phone,state\n+14155550123,out\n,out\n+14155550125,maybe\n'});
  const ran = await run('consent', 'import', file, '--list', list);
  t.is(ran.code, 64);
  t.regex(ran.err, /line 3: it has no phone[\s\S]*line 4: its state must be in or out[\s\S]*Nothing was imported/);
  const late = Array.from({length: 300}, (_, index) => (index === 280 ? '0151 1234567' : `+1415555${1000 + index}`));
  const many = await run(
    'consent',
    'import',
    writeFiles(t, {'many.csv': ['phone', ...late].join('\n')}),
    '--list',
    list,
  );
  t.is(many.code, 64);
  t.regex(many.err, /line 282: its phone needs its country code[\s\S]*Nothing was imported/);
  t.like(await run('consent', 'out', phone, '--list', 'marketing'), {code: 1});
  t.regex((await run('consent', 'list')).out, /Nobody fits/);
  t.like(await run('consent'), {code: 64});
});

test('a number that a spreadsheet has rounded opts nobody out, and says so', async t => {
  const {world, run} = await start(t);
  const rounded = '1.41556E+10';
  const file = writeFiles(t, {'list.csv': `phone\n${rounded}\n`});
  t.like(await run('consent', 'import', file, '--list', list), {code: 64});
  t.like(await run('consent', 'out', rounded, '--list', list), {code: 1});
  t.is((await world.api('/api/consent', {entries: [{phone: rounded, list, state: 'out'}]})).status, 400);
  t.regex((await run('consent', 'list')).out, /Nobody fits/);
  t.like(await run('consent', 'out', 'tel:+1-415-555-0123', '--list', list), {code: 0});
  await world.reaches(await world.send({to: phone, text: 'a sale'}), 'failed');
});

test('no word is taken that was said in times to come: it would stand against every STOP until then', async t => {
  const {world, run} = await start(t);
  const csv = `phone,state,at\n${phone},in,${new Date(Date.now() + 86_400_000).toISOString()}\n`;
  const ran = await run('consent', 'import', writeFiles(t, {'list.csv': csv}), '--list', list);
  t.is(ran.code, 1);
  t.regex(ran.err, /Nobody has said anything at .* day and month.* Nothing was changed/);
  t.like(await run('consent', 'out', phone, '--list', list), {code: 0, out: 'The phone is out.\n'});
  for (const at of [9_000_000_000_000, 8_640_000_000_000_001]) {
    t.is((await world.api('/api/consent', {entries: [{phone, list, state: 'in', at}]})).status, 400, String(at));
  }
});

test('a batch that is refused says which entries it was and that those before are imported', async t => {
  const {run} = await start(t);
  const rows = Array.from({length: 300}, (_, index) => `+1415555${1000 + index},${index === 280 ? 'list gone' : list}`);
  const ran = await run('consent', 'import', writeFiles(t, {'list.csv': `phone,list\n${rows.join('\n')}\n`}));
  t.is(ran.code, 1);
  t.regex(ran.err, /no list list gone.*entries 251 to 300.*those before are imported/);
});

const purged = test.macro({
  async exec(
    t,
    put: (
      run: (...argv: string[]) => Promise<unknown>,
      file: (csv: string) => string,
      world: World,
    ) => Promise<unknown>,
    keywords?: string,
  ) {
    const {world, run} = await start(t, keywords);
    const other = '+14155550199';
    const paused = await world.api('/api/pause', {channel: made.smppChannel, reason: 'a test'});
    t.is(paused.status, 200);
    world.rewrite(file => file.replace('priority: interactive', 'priority: bulk'));
    await world.gateway().reload('a test');
    const queued = await Promise.all([1, 2, 3].map(index => world.send({to: phone, text: `sale ${index}`})));
    const kept = await world.send({to: other, text: 'sale'});
    await put(run, csv => writeFiles(t, {'list.csv': csv}), world);
    for (const id of queued) {
      t.like(await world.reaches(id, 'failed'), {reason: {code: 'RecipientOptedOut'}});
    }
    t.is((await world.message(kept)).state, 'accepted');
    await until('the receipts', () => world.peers.nexus.receipts.length === queued.length);
    t.is(world.peers.smsc.phones.length, 0, 'nothing left, and the pause lasts');
  },
  title: (how = '') => `what waits for a phone is ended while its queue is paused, when it is opted out by ${how}`,
});

test('the command', purged, run => run('consent', 'out', phone, '--list', list));
test(
  'the command, from a channel that has its platform’s list',
  purged,
  run => run('consent', 'out', phone, '--list', list),
  '{mode: handle, list: platform}',
);
test('a STOP that is given to its channel later', purged, async (run, _, world) => {
  const former = '19995550000';
  await world.peers.smsc.sendFromPhone({from: phone.slice(1), to: former, text: 'STOP'});
  world.rewrite(file =>
    file.replace(
      '    carriers: [smsc-a]',
      `    carriers: [{carrier: smsc-a, address: "+${former}", senderMayChange: true}]`,
    ),
  );
  await world.gateway().reload('a test');
  const {body} = await world.api('/api/dead-letters?reason=unroutable');
  const [stop] = body.deadLetters as Array<{messageId: string}>;
  return run('replay', stop?.messageId ?? '');
});
test('an import', purged, (run, file) => {
  const csv = `phone,state,at\n${phone},out,\n+14155550199,in,2026-01-31T09:15:02Z\n`;
  return run('consent', 'import', file(csv), '--list', list);
});

test('an import that is older than a later word ends nothing', async t => {
  const {world, run} = await start(t);
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'a test'});
  world.rewrite(file => file.replace('priority: interactive', 'priority: bulk'));
  await world.gateway().reload('a test');
  await run('consent', 'out', phone, '--list', list);
  await run('consent', 'in', phone, '--list', list);
  const messageId = await world.send({to: phone, text: 'welcome back'});
  const csv = `phone,state,at\n${phone},out,2020-01-31T09:15:02Z\n+14155550188,out,\n`;
  t.like(await run('consent', 'import', writeFiles(t, {'list.csv': csv}), '--list', list), {code: 0});
  await world.api('/api/resume', {channel: made.smppChannel});
  await world.reaches(messageId, 'delivered');
});
