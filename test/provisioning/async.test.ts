import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {customGateway, lastWritten, startServices} from './peers.ts';
import {makeFolder, run} from './run.ts';

const ours = {
  data: {channelId: '16504661149', webhook: {url: 'https://genesys-webhook.company.com'}},
  secret: {
    channelId: '16504661149',
    webhook: {secret: 'webhook-signature-key'},
    api: {secret: 'api-signature-key'},
  },
};
const theirs = {
  data: {channelId: 'mail.example.com', webhook: {url: 'https://mail.example.com/in', tries: 3}},
  secret: {channelId: 'mail.example.com', webhook: {secret: 'their "webhook" key'}, api: {secret: 'their api key'}},
};
const withTheirs = {data: {channels: [theirs.data]}, secret: {channels: [theirs.secret]}};
const both = {
  data: {channels: [ours.data, theirs.data]},
  secret: {channels: [ours.secret, theirs.secret]},
};

for (const enveloped of [false, true]) {
  test(`keeps a foreign channel with its secrets, the document read ${enveloped ? 'in an envelope' : 'as it is'}`, async t => {
    const {nexus, env} = await startServices(t, {enveloped});
    nexus.services.set('Async', withTheirs);
    const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
    t.is(code, 0, stderr);
    t.is(lastWritten(nexus.requests), JSON.stringify(both));
  });
}

test('writes nothing when all is so already', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', withTheirs);
  await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  const {code, stdout} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 0);
  t.is(stdout, 'Async: already so.\n');
  t.is(nexus.requests.filter(({method}) => method === 'POST').length, 1);
});

test('a dry run shows no request where none would be sent', async t => {
  const {nexus, env} = await startServices(t);
  const all = {...env, ...customGateway};
  t.is((await run(t, 'service-async.sh', [], {env: all})).code, 0);
  const {stdout} = await run(t, 'service-async.sh', ['--dry-run'], {env: all});
  t.is(stdout, 'Async: already so.\n');
  const changed = await run(t, 'service-async.sh', ['--dry-run'], {env: {...all, asyncAPISignatureKey: 'another key'}});
  t.regex(changed.stdout, /^POST (.*\n)+.*"api":\{"secret":"\*{8}"\}/);
  t.false(changed.stdout.includes('another key'));
  t.is(nexus.requests.filter(({method}) => method !== 'GET').length, 1);
});

test('keeps members of the document that no guide names', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', {data: {retry: {times: 3}, channels: [], 'a/b': 'c'}, secret: {channels: []}});
  await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [ours.data], retry: {times: 3}, 'a/b': 'c'});
});

test('keeps numbers and texts of a long document as they are, wherever in it they stand', async t => {
  const {nexus, env} = await startServices(t);
  const numbers = Array.from({length: 500}, (_, index) => [index, -1.25e30, 1.5e-9, 'é"\\/'.repeat(index % 7)]);
  nexus.services.set('Async', {data: {channels: [], numbers, long: 'x"'.repeat(5000)}, secret: {channels: []}});
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 0, stderr);
  const document = {data: {channels: [ours.data], numbers, long: 'x"'.repeat(5000)}, secret: {channels: [ours.secret]}};
  t.is(lastWritten(nexus.requests), JSON.stringify(document));
});

test('keeps what no guide names beside the channels, the secrets and in a channel of ours', async t => {
  const {nexus, env} = await startServices(t);
  const document = {
    url: 'N/A',
    data: {
      channels: [
        {
          ...ours.data,
          channelId: 16504661149,
          label: 'main',
          webhook: {url: 'https://old.example.com', 'a/b~c': {tries: 3}},
        },
        theirs.data,
      ],
    },
    secret: {
      pepper: ['x', null],
      channels: [theirs.secret, {...ours.secret, api: {secret: 'an older one', bits: 256}, rotated: '2026-01-01'}],
    },
    version: 7,
  };
  nexus.services.set('Async', structuredClone(document));
  t.is((await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}})).code, 0);
  t.deepEqual(nexus.services.get('Async'), {
    ...document,
    data: {
      channels: [
        {...document.data.channels[0], webhook: {url: ours.data.webhook.url, 'a/b~c': {tries: 3}}},
        theirs.data,
      ],
    },
    secret: {
      pepper: ['x', null],
      channels: [{...ours.secret, api: {secret: 'api-signature-key', bits: 256}, rotated: '2026-01-01'}, theirs.secret],
    },
  });
  const {stdout} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(stdout, 'Async: already so.\n');
});

test('a dry run shows nothing of what no guide names beside the secrets', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', {...withTheirs, secret: {...withTheirs.secret, pepper: 'hot'}, token: 'hot'});
  const {stdout} = await run(t, 'service-async.sh', ['--dry-run'], {env: {...env, ...customGateway}});
  t.regex(stdout, /"pepper":"\*{8}"}.*"token":"\*{8}"}/);
  t.notRegex(stdout, /hot|their/);
});

test('takes bullets for masked secrets too', async t => {
  const {nexus, env} = await startServices(t);
  const shown = {...theirs.secret, webhook: {secret: '•'.repeat(8)}, api: {secret: '•'.repeat(8)}};
  nexus.services.set('Async', {...withTheirs, secret: {channels: [shown]}});
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 3);
  t.regex(stderr, /mail\.example\.com\. Writing it would drop them/);
});

test('keeps two channels of others apart whose ids are equal as numbers', async t => {
  const {nexus, env} = await startServices(t);
  const keys = (channelId: string) => ({...theirs.secret, channelId, api: {secret: `key of ${channelId}`}});
  const others = {
    data: {channels: [{channelId: '7100'}, {channelId: '07100'}]},
    secret: {channels: [keys('07100'), keys('7100')]},
  };
  nexus.services.set('Async', others);
  t.is((await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}})).code, 0);
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [ours.data, ...others.data.channels]},
    secret: {channels: [ours.secret, keys('7100'), keys('07100')]},
  });
});

test('writes a document longer than curl takes in a line of its settings', async t => {
  const {nexus, env} = await startServices(t);
  const note = 'x'.repeat(200_000);
  nexus.services.set('Async', {data: {note, channels: []}, secret: {channels: []}});
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 0, stderr);
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [ours.data], note});
});

test('refuses to drop a foreign channel whose secrets are masked', async t => {
  const {nexus, env} = await startServices(t, {reads: 'masked'});
  nexus.services.set('Async', withTheirs);
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 3);
  t.regex(stderr, /mail\.example\.com\. Writing it would drop them/);
  t.is(lastWritten(nexus.requests), undefined);
  t.is(nexus.services.get('Async'), withTheirs);
});

test('drops a foreign channel when told so by name', async t => {
  const {nexus, env} = await startServices(t, {reads: 'masked'});
  nexus.services.set('Async', withTheirs);
  const args = ['--drop', 'mail.example.com'];
  t.is((await run(t, 'service-async.sh', args, {env: {...env, ...customGateway}})).code, 0);
  t.deepEqual(nexus.services.get('Async'), {data: {channels: [ours.data]}, secret: {channels: [ours.secret]}});
});

test('takes a number out of service and leaves the others', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', both);
  const {code, stderr} = await run(t, 'service-async.sh', ['--drop', '16504661149'], {env});
  t.is(code, 0, stderr);
  t.deepEqual(nexus.services.get('Async'), withTheirs);
});

test('takes the number of the env file out of service when told so', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', both);
  const {code, stderr} = await run(t, 'service-async.sh', ['--drop', '16504661149'], {env: {...env, ...customGateway}});
  t.is(code, 0, stderr);
  t.deepEqual(nexus.services.get('Async'), withTheirs);
});

test('takes nothing out of service where the present document can not be read', async t => {
  const {nexus, env} = await startServices(t, {reads: 'no'});
  const {code, stderr} = await run(t, 'service-async.sh', ['--drop', '16504661149'], {env});
  t.is(code, 3);
  t.regex(stderr, /would take all out of service/);
  t.is(lastWritten(nexus.requests), undefined);
});

test('says what may be lost where the present document can not be read', async t => {
  const {nexus, env} = await startServices(t, {reads: 'no'});
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 0);
  t.regex(stderr, /should it hold others than these, they are gone after it: 16504661149/);
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [ours.data]});
});

test('stops before a document of a form it does not know', async t => {
  const {nexus, env} = await startServices(t);
  nexus.fault({method: 'GET', body: {services: [{channels: [{channelId: '18005550100'}]}]}});
  const {code} = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway}});
  t.is(code, 76);
  t.is(lastWritten(nexus.requests), undefined);
});

test('reads more channels from a file that only names their secrets', async t => {
  const {nexus, env} = await startServices(t);
  const folder = makeFolder(t);
  writeFileSync(
    join(folder, 'channels.txt'),
    `# channelId webhookURL webhookKey apiKey
18885550100 https://gw.example.com/nexus/webhook/acme/18885550100 SALES_WEBHOOK_KEY SALES_API_KEY
72345`,
  );
  const more = {SALES_WEBHOOK_KEY: 'sales "webhook"', SALES_API_KEY: 'sales $api'};
  const {code, stderr} = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {
    env: {...env, ...customGateway, ...more},
    folder,
  });
  t.is(code, 0, stderr);
  t.deepEqual(nexus.services.get('Async'), {
    data: {
      channels: [
        ours.data,
        {channelId: '18885550100', webhook: {url: 'https://gw.example.com/nexus/webhook/acme/18885550100'}},
        {...ours.data, channelId: '72345'},
      ],
    },
    secret: {
      channels: [
        ours.secret,
        {channelId: '18885550100', webhook: {secret: 'sales "webhook"'}, api: {secret: 'sales $api'}},
        {...ours.secret, channelId: '72345'},
      ],
    },
  });
});

for (const key of ['4f0c6f0e6c1d4f0f8a51', 'af0c6f0e6c1d4f0f8a51', 'a-key']) {
  test(`a file that holds a key in place of its name is refused without showing it: ${key}`, async t => {
    const {nexus, env} = await startServices(t);
    const folder = makeFolder(t);
    writeFileSync(join(folder, 'channels.txt'), `18885550100 - ${key} SALES_API_KEY\n`);
    const given = {...env, ...customGateway, SALES_API_KEY: 'sales key'};
    const result = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {env: given, folder});
    t.is(result.code, 78);
    t.regex(result.stderr, /the line of 18885550100 must name its keys, in capitals, not hold them/);
    t.false(result.stderr.includes(key));
    t.deepEqual(nexus.requests, []);
  });
}

test('a name in small letters is one where the environment has it', async t => {
  const {nexus, env} = await startServices(t);
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'channels.txt'), '18885550100 - salesKey salesKey\n');
  const given = {...env, ...customGateway, salesKey: 'sales key'};
  const {code, stderr} = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {env: given, folder});
  t.is(code, 0, stderr);
  t.true(lastWritten(nexus.requests)?.includes('"secret":"sales key"'));
});

test('refuses a channel that is given twice', async t => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'channels.txt'), '16504661149\n');
  const {env} = await startServices(t);
  const {code, stderr} = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {
    env: {...env, ...customGateway},
    folder,
  });
  t.is(code, 78);
  t.regex(stderr, /16504661149 is given twice/);
});

test('writes an e-mail channel only with a webhook of its own', async t => {
  const {nexus, env} = await startServices(t);
  const email = {asyncEmailDomain: 'mail.example.com'};
  const without = await run(t, 'service-async.sh', [], {env: {...env, ...customGateway, ...email}});
  t.is(without.code, 0);
  t.regex(without.stderr, /mail\.example\.com is left out/);
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [ours.data]});

  const url = 'https://mail.example.com/in';
  await run(t, 'service-async.sh', [], {env: {...env, ...customGateway, ...email, asyncEmailWebhookURL: url}});
  t.is(
    lastWritten(nexus.requests),
    JSON.stringify({
      data: {channels: [ours.data, {channelId: 'mail.example.com', webhook: {url}}]},
      secret: {channels: [ours.secret, {...ours.secret, channelId: 'mail.example.com'}]},
    }),
  );
});

test('masks the secrets of foreign channels in a dry run', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('Async', withTheirs);
  const {stdout} = await run(t, 'service-async.sh', ['--dry-run'], {env: {...env, ...customGateway}});
  t.true(stdout.includes('mail.example.com'));
  t.notRegex(stdout, /their|signature-key/);
});

test('a file of channels may have the line ends of another system', async t => {
  const {nexus, env} = await startServices(t);
  const folder = makeFolder(t);
  const lines = ['# more', '18885550100 https://gw.example.com/in SALES_KEY SALES_KEY', '72345', ''];
  writeFileSync(join(folder, 'channels.txt'), lines.join('\r\n'));
  const {code, stderr} = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {
    env: {...env, ...customGateway, SALES_KEY: 'sales'},
    folder,
  });
  t.is(code, 0, stderr);
  t.like(nexus.services.get('Async')?.data, {
    channels: [ours.data, {channelId: '18885550100'}, {channelId: '72345'}],
  });
});

test("a webhook that is no URL is told by its channel's id", async t => {
  const {env} = await startServices(t);
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'channels.txt'), '72345 gw.example.com\n');
  const {code, stderr} = await run(t, 'service-async.sh', ['--channels', 'channels.txt'], {
    env: {...env, ...customGateway},
    folder,
  });
  t.is(code, 78);
  t.regex(stderr, /the webhook of channel 72345 is no URL/);
});
