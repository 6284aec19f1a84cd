import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {maskJson} from '../../src/recorder/mask.ts';
import {made} from '../../src/sandbox/peers.ts';
import {writeFiles} from '../helpers/config-file.ts';
import {nexusFile, runNexus} from '../helpers/run-nexus-command.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const to = '+14155550123';

async function start(t: ExecutionContext) {
  let folder = '';
  const headers = '    headers: {require: [{name: x-proof, value: only-for-us}], capture: [x-campaign]}';
  const world = await startWorld(t, {
    more: {nexus: headers},
    edit: file => {
      folder = join(/sqlite:(.*)\/gateway\.db/.exec(file)?.[1] ?? '', 'recordings');
      return `recordings: ${JSON.stringify(folder)}\n${file}`;
    },
  });
  const url = `http://127.0.0.1:${world.gateway().managementPort}`;
  const run = (...argv: string[]) => runNexus(argv, {GATEWAY_URL: url, GATEWAY_TOKEN: made.token});
  const write = (text: string, more: Record<string, string> = {}) =>
    world.peers.nexus.sendText({
      webhookUrl: world.webhookUrl(),
      channelId: made.smppChannel,
      to,
      text,
      headers: {'x-proof': 'only-for-us', 'x-campaign': 'spring', ...more},
    });
  const files = () => {
    try {
      return readdirSync(folder)
        .filter(name => name.endsWith('.json'))
        .map(name => join(folder, name));
    } catch {
      return [];
    }
  };
  return {world, run, write, files, folder: () => folder};
}

test('webhooks are written masked, for their owner alone, until the count is reached; secrets never', async t => {
  const {run, write, files, folder, world} = await start(t);
  await write('before anybody asked');
  t.like(await run('record', '--count', '2'), {code: 0});
  await write('Your code is 123456, Anna');
  await write('refused', {'x-proof': 'wrong'});
  await write('one too many');
  const written = await until('two files', () => (files().length === 2 ? files() : undefined));
  const texts = written.map(file => readFileSync(file, 'utf8'));
  t.true(written.every(file => (statSync(file).mode & 0o777) === 0o600));
  for (const secret of ['only-for-us', 'wrong', '123456', 'Anna', '4155550123', 'spring']) {
    t.true(
      texts.every(text => !text.includes(secret)),
      secret,
    );
  }
  const [first, second] = texts.map(text => JSON.parse(text));
  t.like(first, {status: 200, masked: true, path: `/nexus/webhook/acme/${made.smppChannel}`});
  t.is(first.body.messages[0].text, 'xxxx xxxx xx 000000, xxxx');
  t.is(first.body.messages[0].channel.id, made.smppChannel);
  t.is(first.headers['x-hub-signature'], 'sha1=(40 hex digits)');
  t.is(second.status, 401);

  const config = join(world.folder, 'gateway.yaml');
  const replayed = await run('check', config, '--replay', folder());
  t.is(replayed.code, 0);
  t.regex(replayed.out, /200 +a text to \+1415555\*{4}, 25 characters/);
});

test('plain records hold the very bytes, and still no secret', async t => {
  const {run, write, files} = await start(t);
  t.regex((await run('record', '--plain', '--for', '5m')).out, /they hold texts and numbers/);
  await write('as it is');
  const [file = ''] = await until('a file', () => (files().length === 1 ? files() : undefined));
  const record = JSON.parse(readFileSync(file, 'utf8'));
  t.is(JSON.parse(Buffer.from(record.bytes, 'base64').toString()).messages[0].text, 'as it is');
  t.is(record.headers['x-campaign'], 'spring');
  t.is(record.headers['x-proof'], '(hidden)');
  t.regex((await run('record', '--stop')).out, /Ended\. 1 webhooks/);
  t.like(await run('record', '--stop'), {code: 1});
  t.like(await run('record', '--for', '3d'), {code: 1});
});

test('what somebody sends to fill the disk takes hardly more room there than on its way', async t => {
  const {run, files, world} = await start(t);
  t.like(await run('record'), {code: 0});
  const deep = `${'['.repeat(90)}${']'.repeat(90)}`;
  const body = `[${Array.from({length: 1000}, () => deep).join(',')}]`;
  await fetch(world.webhookUrl(), {method: 'POST', body});
  const [file = ''] = await until('a file', () => (files().length === 1 ? files() : undefined));
  const record = JSON.parse(readFileSync(file, 'utf8'));
  t.like(record, {status: 401, masked: true});
  t.is(JSON.stringify(record.body), body);
  t.true(statSync(file).size < 2 * body.length);
});

test('so does little of it, also where records are plain', async t => {
  const {run, files, world} = await start(t);
  t.like(await run('record', '--plain'), {code: 0});
  const body = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  await fetch(world.webhookUrl(), {method: 'POST', body});
  const [file = ''] = await until('a file', () => (files().length === 1 ? files() : undefined));
  t.is(JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).body), body);
  t.true(statSync(file).size < 20_000, String(statSync(file).size));
});

test('what Twilio calls with is written as well, without its signature, and told apart by check --replay', async t => {
  const {run, files, folder, world} = await start(t);
  const phone = '+14155550177';
  const says = (text: string) =>
    world.peers.twilio.sendFromPhone({
      webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`,
      from: phone,
      to: `+${made.twilioChannel}`,
      text,
    });
  const last = async (count: number) => {
    const written = await until('the files', () => (files().length === count ? files() : undefined));
    const texts = written.map(file => readFileSync(file, 'utf8'));
    return texts.map(text => ({text, record: JSON.parse(text)}));
  };

  await run('record', '--count', '1');
  await says('my number is 123456, Anna');
  const [masked] = await last(1);
  t.like(masked?.record, {status: 200, masked: true, path: '/twilio/twilio-main/inbound'});
  t.is(masked?.record.headers['x-twilio-signature'], '(hidden)');
  const form = new Map<string, string>(masked?.record.form);
  t.is(form.get('Body'), 'xx xxxxxx xx 000000, xxxx');
  t.is(form.get('From'), '+14155550000');
  t.is(form.get('To'), `+${made.twilioChannel}`);
  t.regex(form.get('MessageSid') ?? '', /^SM[\da-f]{32}$/);
  for (const secret of ['Anna', '123456', phone.slice(1)]) t.false(masked?.text.includes(secret), secret);

  await run('record', '--plain', '--count', '3');
  await says('as it is');
  const channelId = made.twilioChannel;
  const webhookUrl = world.webhookUrl(channelId);
  await world.peers.nexus.sendText({webhookUrl, channelId, to, text: 'back', headers: {'x-proof': 'only-for-us'}});
  const plain = (await last(4)).slice(1);
  const calls = plain.filter(({record}) => record.path.startsWith('/twilio/'));
  t.is(calls.length, 2);
  for (const {record} of calls) t.is(record.headers['x-twilio-signature'], '(hidden)');
  const inbound = plain.find(({record}) => record.path.endsWith('/inbound'));
  t.is(new Map<string, string>(inbound?.record.form).get('Body'), 'as it is');
  t.regex(Buffer.from(inbound?.record.bytes, 'base64').toString(), /(^|&)Body=as\+it\+is(&|$)/);
  const status = plain.find(({record}) => record.path.endsWith('/status'));
  t.true(status?.record.query.some(([name]: [string]) => name === 'mid'));

  const replayed = await run('check', join(world.folder, 'gateway.yaml'), '--replay', folder());
  t.is(replayed.code, 0);
  t.regex(replayed.out, /a webhook of Twilio/);
});

const masks = test.macro({
  exec(t, id: string, masked: string) {
    const toMessage = (of: string) => ({channel: {to: {id: of, idType: 'Phone'}, time: of}});
    t.deepEqual(maskJson(toMessage(id), new Set([made.smppChannel])), toMessage(masked));
  },
  title: (_, id, masked) => (id === masked ? `${id} is written as it is` : `${id} is written ${masked}`),
});
test(masks, '14155550123', '14155550000');
test(masks, '+14155550123', '+14155550000');
test(masks, 'whatsapp:+14155550123', 'whatsapp:+14155550000');
test(masks, 'tel:+14155550123', 'tel:+14155550000');
test(masks, 'sms://14155550123', 'sms://14155550000');
test(masks, 'tel:+1-415-555-0123', 'tel:+1-415-555-0000');
test(masks, '+1-415-555-0123', '+1-415-555-0000');
test(masks, '1.415.555.0123', '1.415.555.0000');
test(masks, 'sms-14155550123-2', 'sms-14155550000-2');
test(masks, 'campaign_14155550123', 'campaign_14155550000');
test(masks, `${made.smppChannel}:+14155550123`, `${made.smppChannel}:+14155550000`);
for (const own of [made.smppChannel, `+${made.smppChannel}`, `tel:+${made.smppChannel}`]) test(masks, own, own);
for (const name of [
  '5b0b7a5e-6a2f-4c1b-9b8e-1f1d3b5b0c11',
  '10000000-2000-4000-8000-300000000000',
  '2024-05-01T12:00:00.000Z',
  '2024-05-01',
  'genesys://media/5b0b7a5e',
  'image/png',
]) {
  test(masks, name, name);
}

test('a text that is a number is masked, and small numbers are shape', t => {
  const message = {text: 482913, content: [{text: {body: 4829}, length: 3}], isFinal: true};
  t.deepEqual(maskJson(message, new Set()), {text: 100000, content: [{text: {body: 1000}, length: 3}], isFinal: true});
});

test('a record with a path nobody can read is told as such, and the others all the same', async t => {
  const message = {id: '1', channel: {id: made.smppChannel, to: {id: '14155550123'}}, text: 'words'};
  const toRecord = (path: string) => JSON.stringify({path, status: 404, body: {messages: [message]}});
  const config = writeFiles(t, {
    'gateway.yaml': nexusFile('http://127.0.0.1:1'),
    'records/1.json': toRecord('/nexus/webhook/%zz'),
    'records/2.json': toRecord(`/nexus/webhook/acme/${made.smppChannel}`),
  });
  const {code, out} = await runNexus(['check', config, '--replay', join(config, '../records')]);
  t.is(code, 1);
  t.regex(out, /1\.json +404 +no channel of the file has this path\n/);
  t.regex(out, /2\.json +404 +a text to \+1415555\*{4}, 5 characters\n/);
});
