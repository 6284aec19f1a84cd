import {spawn} from 'node:child_process';
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {text as readAll} from 'node:stream/consumers';
import test from 'ava';
import {parse} from 'yaml';
import {ProvisionError} from '../../../provisioning/setup/index.ts';
import type {PretendServicesOptions} from '../../../src/sandbox/admin/nexus-services.ts';
import {foreign, foreignOnly, keeping, ours, startTenant, toFile} from './file.ts';

const systems: Record<string, Partial<PretendServicesOptions>> = {
  'shows all': {},
  'wraps what it shows': {enveloped: true},
  'masks secrets': {reads: 'masked'},
  'has POST for what is new and PUT for what is there': {conflicts: true},
};

for (const [what, options] of Object.entries(systems)) {
  test(`a plan after apply is empty, and apply twice changes nothing, where the system ${what}`, async t => {
    const {nexus, asking, open} = await startTenant(t, options);
    t.true((await open().plan({})).pending);
    t.is(await open().apply({}, asking), 'applied');
    t.deepEqual(nexus.services.get('Async'), {data: {channels: ours.data}, secret: {channels: ours.secret}});
    t.deepEqual(nexus.services.get('SMS'), {url: 'N/A', data: {provider: 'Async'}, secret: {}});

    const writes = nexus.requests.filter(({method}) => method !== 'GET').length;
    const plan = await open().plan({});
    t.false(plan.pending);
    t.regex(plan.text, /^acme: service Async: as it should be\n/);
    t.is(await open().apply({}, asking), 'nothing to do');
    t.is(nexus.requests.filter(({method}) => method !== 'GET').length, writes);
  });
}

test('a plan shows each difference and no secret', async t => {
  const {nexus, open} = await startTenant(t);
  nexus.services.set('Async', {
    data: {channels: [{channelId: '16504661149', webhook: {url: 'https://old.example.com'}}, foreign.data]},
    secret: {channels: [{...ours.secret[0], api: {secret: 'an older key'}}, foreign.secret]},
  });
  const {text} = await open().plan({});
  t.is(
    text,
    `acme: service Async
  ~ channel 16504661149: webhook https://old.example.com -> https://gw.example.com/nexus/webhook/acme/16504661149
  ~ channel 16504661149: secrets ******** -> ******** (others)
  + channel 72345: webhook https://gw.example.com/nexus/webhook/acme/72345, secrets ********
acme: service SMS
  + provider none -> Async
`,
  );
});

test("others' names begin no line of a plan and move no cursor", async t => {
  const {nexus, asking, open} = await startTenant(t);
  const name = '1\nacme: service SMS: as it should be\n\u001b[2K\u202e';
  nexus.services.set('Async', {
    data: {channels: [{channelId: name}, {channelId: '72345', webhook: {url: `https://a.example.com/${name}`}}]},
  });
  const {text} = await open().plan({drop: [name]});
  t.regex(text, /^ {2}- channel 1↵acme: service SMS: as it should be↵\?\[2K\?$/m);
  t.regex(text, /^ {2}~ channel 72345: webhook https:\/\/a\.example\.com\/1↵acme.* -> /m);
  t.notRegex(text, /^acme: service SMS: as it should be$/m);
  t.notRegex(text, /[^\P{Cc}\n]|\u202e/u);
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /holds the channel 1↵acme: service SMS: as it should be↵\?\[2K\?, which is not in the file/);
});

test('a foreign channel survives, and so do members that no guide names', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.services.set('Async', {...foreignOnly, data: {...foreignOnly.data, retry: 3}, version: 7});
  await open().apply({}, asking);
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [foreign.data, ...ours.data], retry: 3},
    secret: {channels: [foreign.secret, ...ours.secret]},
    version: 7,
  });
});

test('a channel of ours that stands there twice stands there once after it', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const [first, second] = ours.data;
  const old = {...first, webhook: {url: 'https://old.example.com'}};
  nexus.services.set('Async', {
    data: {channels: [first, foreign.data, old, second]},
    secret: {channels: [...ours.secret, foreign.secret]},
  });
  t.regex((await open().plan({})).text, / {2}- channel 16504661149, which stands there twice: the later one\n/);
  await open().apply({}, asking);
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [first, foreign.data, second]});
  t.false((await open().plan({})).pending);
});

test('nothing is written that would drop a channel whose secrets are not shown', async t => {
  const {nexus, asking, open} = await startTenant(t, {reads: 'masked'});
  nexus.services.set('Async', foreignOnly);
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /mail\.example\.com.*say --drop mail\.example\.com.*\nNothing was changed/s);
  t.is(nexus.services.get('Async'), foreignOnly);
  t.false(nexus.services.has('SMS'));

  t.is(await open().apply({drop: ['mail.example.com']}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async')?.data, {channels: ours.data});
});

test("another provider's SMS service is not taken over unasked", async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.services.set('SMS', {url: 'N/A', data: {provider: 'mGage'}, secret: {}});
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /mGage serves all numbers of this tenant.*--replace/);
  t.is(nexus.services.size, 1);
  t.is(await open().apply({replace: true}, asking), 'applied');
});

test('an SMS service of an unknown form is not taken over: it may be of another provider', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const standing = {service: {data: {provider: 'mGage'}}};
  nexus.services.set('SMS', standing);
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /service SMS has a form that is not known here.*say --replace\.\nNothing was changed/);
  t.deepEqual([...nexus.services], [['SMS', standing]]);
  t.is(await open().apply({replace: true}, asking), 'applied');
  t.deepEqual(nexus.services.get('SMS'), {url: 'N/A', data: {provider: 'Async'}, secret: {}});
});

for (const nothing of [{data: null}, {url: 'N/A', data: {provider: null, tokenProvider: null}, secret: null}]) {
  test(`an SMS service of nobody is taken: ${JSON.stringify(nothing)}`, async t => {
    const {nexus, asking, open} = await startTenant(t);
    nexus.services.set('SMS', nothing);
    t.is(await open().apply({}, asking), 'applied');
    nexus.services.set('SMS', {data: {provider: 'Async', tokenProvider: null}});
    t.false((await open().plan({})).pending);
    nexus.services.set('SMS', {data: {provider: null, tokenProvider: 'Purecloud'}});
    const {text} = await open().plan({});
    t.regex(text, /! .*: Purecloud serves all numbers of this tenant/);
  });
}

test('what stands beside the provider stays where it is ours already', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const standing = {url: 'N/A', data: {provider: 'Async', retries: 3}, secret: {}};
  nexus.services.set('SMS', standing);
  t.regex((await open().plan({})).text, /service SMS: as it should be\n$/);
  await open().apply({}, asking);
  t.is(nexus.services.get('SMS'), standing);
});

test('nothing is written when the person says no', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const shown: string[] = [];
  const confirm = async (plan: string) => {
    shown.push(plan);
    return false;
  };
  t.is(await open().apply({}, {...asking, confirm}), 'declined');
  t.regex(shown.join(''), /\+ channel 16504661149/);
  t.is(nexus.services.size, 0);
});

for (const processed of [false, true]) {
  test(`an apply broken off ${processed ? 'after' : 'before'} a service was written can be run again`, async t => {
    const {nexus, folder, asking, open} = await startTenant(t);
    const end = nexus.fault({method: 'POST', path: /SMS$/, silence: 'drop', processed});
    const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
    t.regex(error.message, /Running it again is safe/);
    end();
    await open().apply({}, {...asking, backup: join(folder, 'second.json')});
    t.false((await open().plan({})).pending);
  });
}

test('what somebody else writes while the person thinks stays, and the backup has it', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.services.set('Async', {data: {channels: []}, secret: {channels: []}});
  const confirm = async () => {
    nexus.services.set('Async', foreignOnly);
    return true;
  };
  t.is(await open().apply({}, {...asking, confirm}), 'applied');
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [foreign.data, ...ours.data]},
    secret: {channels: [foreign.secret, ...ours.secret]},
  });
  t.deepEqual(JSON.parse(readFileSync(asking.backup, 'utf8')).kept[0].before, foreignOnly);
});

test('nothing is written over that the plan did not show', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const theirs = {url: 'N/A', data: {provider: 'mGage'}, secret: {}};
  const confirm = async () => {
    nexus.services.set('SMS', theirs);
    return true;
  };
  const error = await t.throwsAsync(open().apply({replace: true}, {...asking, confirm}), {instanceOf: ProvisionError});
  t.regex(error.message, /^acme: service SMS was changed by somebody since the plan was made, and is left as it is:/);
  t.regex(error.message, / {2}provider mGage -> Async\nLook at the plan again\.$/);
  t.is(nexus.services.get('SMS'), theirs);
});

test('what another apply did while the person thought is not done again', async t => {
  const {nexus, folder, lines, asking, open} = await startTenant(t);
  const confirm = async () => {
    await open().apply({}, {...asking, backup: join(folder, 'theirs.json')});
    nexus.requests.length = 0;
    return true;
  };
  t.is(await open().apply({}, {...asking, confirm}), 'applied');
  t.deepEqual(
    nexus.requests.map(({method}) => method),
    ['GET', 'GET'],
  );
  t.is(lines.at(-1), 'acme: service SMS: as it should be');
  t.false(existsSync(asking.backup));
});

test('what an apply replaced is kept, readable by its owner only', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.services.set('Async', foreignOnly);
  await open().apply({}, asking);
  t.is(statSync(asking.backup).mode & 0o777, 0o600);
  t.deepEqual(JSON.parse(readFileSync(asking.backup, 'utf8')), {
    version: 1,
    kept: [
      {target: 'acme: service Async', before: foreignOnly},
      {target: 'acme: service SMS', before: null},
    ],
  });
});

test('a backup is never overwritten', async t => {
  const {nexus, asking, open} = await startTenant(t);
  await open().apply({}, asking);
  nexus.services.clear();
  await t.throwsAsync(open().apply({}, asking), {message: /is there already: say another file with --backup/});
});

test('nothing is changed where only a part of a backup could be written', async t => {
  const {nexus, folder, path} = await startTenant(t);
  const long = {...foreignOnly, note: 'x'.repeat(4000)};
  nexus.services.set('Async', long);
  const main = join(import.meta.dirname, '../../../src/main.ts');
  const command = `trap '' XFSZ; ulimit -f 1; exec "$0" "$1" provision apply --yes --config "$2"`;
  const child = spawn('sh', ['-c', command, process.execPath, main, path], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [told, code] = await Promise.all([readAll(child.stderr), new Promise(resolve => child.once('close', resolve))]);
  t.is(code, 1, told);
  t.regex(told, /can't be kept in provision-backup-1\.json \(EFBIG\), and so it was not changed/);
  t.deepEqual(nexus.services.get('Async'), long);
});

test('nothing is changed where a backup can not be written, and no backup is told of', async t => {
  const {nexus, folder, lines, asking, open} = await startTenant(t);
  const backup = join(folder, 'nowhere', 'backup.json');
  const error = await t.throwsAsync(open().apply({}, {...asking, backup}), {instanceOf: ProvisionError});
  t.regex(error.message, /nowhere\/backup\.json \(ENOENT\), and so it was not changed: say a file .* --backup/);
  t.false(lines.some(line => line.startsWith('What stood before is kept')));
  t.is(nexus.services.size, 0);
});

for (const [what, options] of Object.entries(systems)) {
  test(`remove then restore ends where it began, where the system ${what}`, async t => {
    const {nexus, folder, lines, asking, open} = await startTenant(t, options);
    await open().apply({}, asking);
    const before = nexus.services.get('Async');
    const backup = join(folder, 'removed.json');
    t.is(await open().remove('16504661149', {}, {...asking, backup}), 'applied');
    t.deepEqual(nexus.services.get('Async'), {
      data: {channels: ours.data.slice(1)},
      secret: {channels: ours.secret.slice(1)},
    });
    await open().restore(backup, {}, keeping(asking));
    t.deepEqual(nexus.services.get('Async'), before);
    t.is(lines.at(-1), 'acme: service Async: put back');
  });
}

test('a removal changes nothing but the channel it takes out', async t => {
  const {nexus, asking, open} = await startTenant(t);
  const other = {channelId: '72345', webhook: {url: 'https://elsewhere.example.com'}};
  const secret = {channelId: '72345', webhook: {secret: 'another'}, api: {secret: 'one'}};
  nexus.services.set('Async', {
    data: {channels: [ours.data[0], other, foreign.data]},
    secret: {channels: [ours.secret[0], secret, foreign.secret]},
  });
  await open().remove('16504661149', {}, asking);
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [other, foreign.data]},
    secret: {channels: [secret, foreign.secret]},
  });
  t.false(nexus.services.has('SMS'));
});

test('a document that can not be read is written with a warning, and never to take all out of service', async t => {
  const {nexus, write, asking, open} = await startTenant(t, {reads: 'no'});
  nexus.services.set('SMS', {url: 'N/A', data: {provider: 'mGage'}, secret: {}});
  const {text} = await open().plan({});
  t.regex(text, /any channel that is not listed here is gone after it/);
  t.regex(text, / ~ provider -> Async \(what stands there can't be read\)\n.*should another provider serve numbers/);
  t.is(await open().apply({}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async')?.data, {channels: ours.data});

  write(toFile(nexus.url).replace(/ {2}- id: "72345"[\s\S]*/, ''));
  await t.throwsAsync(open().remove('16504661149', {}, asking), {message: /would take all out of service/});
});

test('one platform of a tenant takes the channels of its other one along', async t => {
  const {nexus, write, asking, open} = await startTenant(t, {reads: 'no'});
  const file = toFile(nexus.url).replace('id: "72345"\n    platform: acme', 'id: "72345"\n    platform: beta');
  const {platforms} = parse(file);
  write(file.replace('carriers:\n', `  beta: ${JSON.stringify(platforms.acme)}\ncarriers:\n`));
  const url = 'https://gw.example.com/nexus/webhook/beta/72345';
  t.is(await open({platform: 'acme'}).apply({}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [ours.data[0], {channelId: '72345', webhook: {url}}]},
    secret: {channels: ours.secret},
  });
  t.is(await open({platform: 'acme'}).remove('16504661149', {}, keeping(asking)), 'applied');
  t.deepEqual(nexus.services.get('Async')?.data, {channels: [{channelId: '72345', webhook: {url}}]});
});

test('one platform of a tenant leaves the channels of its other one as they stand', async t => {
  const {nexus, write, asking, open} = await startTenant(t);
  const file = toFile(nexus.url).replace('id: "72345"\n    platform: acme', 'id: "72345"\n    platform: beta');
  const {platforms} = parse(file);
  write(file.replace('carriers:\n', `  beta: ${JSON.stringify(platforms.acme)}\ncarriers:\n`));
  t.is(await open({platform: 'acme'}).apply({}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async'), {data: {channels: [ours.data[0]]}, secret: {channels: [ours.secret[0]]}});
  const theirs = {
    data: {channelId: '72345', webhook: {url: 'https://old.example.com/72345'}},
    secret: {channelId: '72345', webhook: {secret: 'an-older-one'}, api: {secret: 'the-older-too'}},
  };
  nexus.services.set('Async', {data: {channels: [theirs.data]}, secret: {channels: [theirs.secret]}});
  t.is(await open({platform: 'acme'}).apply({}, keeping(asking)), 'applied');
  t.deepEqual(nexus.services.get('Async'), {
    data: {channels: [theirs.data, ours.data[0]]},
    secret: {channels: [theirs.secret, ours.secret[0]]},
  });
  t.false((await open({platform: 'acme'}).plan({})).pending);
  t.true((await open({platform: 'beta'}).plan({})).pending);
});

test('one platform of a tenant is called by its own way and key, and a backup of it fits the whole tenant', async t => {
  const {nexus, write, asking, open} = await startTenant(t);
  const file = toFile(nexus.url).replace('id: "72345"\n    platform: acme', 'id: "72345"\n    platform: beta');
  const {platforms} = parse(file);
  const beta = `  beta: ${JSON.stringify(platforms.acme)}\ncarriers:\n`;
  const away = `proxy: http://127.0.0.1:1\n    provisioning: {apiKey: another-key}`;
  write(file.replace(/provisioning: .*/, away).replace('carriers:\n', beta));
  t.is(await open({platform: 'beta'}).apply({}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async')?.secret, {channels: [ours.secret[1]]});
  write(file.replace('carriers:\n', beta));
  await open().restore(asking.backup, {}, keeping(asking));
  t.deepEqual(nexus.services.get('Async')?.secret, {channels: []});
});

test('a backup of what could not be read takes nothing out of service', async t => {
  const {nexus, asking, open} = await startTenant(t, {reads: 'no'});
  nexus.services.set('Async', foreignOnly);
  await open().apply({}, asking);
  const written = nexus.services.get('Async');
  const error = await t.throwsAsync(open().restore(asking.backup, {}, keeping(asking)), {instanceOf: ProvisionError});
  t.regex(error.message, /would take all its channels out of service\. It stays as it is/);
  t.is(nexus.services.get('Async'), written);
});

test('a 404 of a server that has no such call is not the word that there is no service', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.fault({method: 'GET', status: 404, body: '<html><h1>404 Not Found</h1></html>'});
  t.regex((await open().plan({})).text, /any channel that is not listed here is gone after it/);
  t.is(await open().apply({}, asking), 'applied');
  t.deepEqual(nexus.services.get('Async')?.data, {channels: ours.data});
});

test('secrets that are not shown are told of, and written when asked', async t => {
  const {nexus, folder, asking, open} = await startTenant(t, {reads: 'masked'});
  await open().apply({}, asking);
  nexus.services.set('Async', {data: {channels: ours.data}, secret: {channels: []}});
  t.regex((await open().plan({})).text, /can't be read and so not compared: after a change of theirs, say --rewrite/);
  t.true((await open().plan({rewrite: true})).pending);
  t.is(await open().apply({rewrite: true}, {...asking, backup: join(folder, 'second.json')}), 'applied');
  t.deepEqual(nexus.services.get('Async')?.secret, {channels: ours.secret});
});

test('what a restore replaces is kept, and can be put back', async t => {
  const {nexus, folder, asking, open} = await startTenant(t);
  await open().apply({}, asking);
  const since = {data: {channels: [...ours.data, foreign.data]}, secret: {channels: [...ours.secret, foreign.secret]}};
  nexus.services.set('Async', since);
  const backup = join(folder, 'since.json');
  await open().restore(asking.backup, {}, {...asking, backup});
  t.deepEqual(nexus.services.get('Async'), {data: {channels: []}, secret: {channels: []}});
  t.is(statSync(backup).mode & 0o777, 0o600);
  await open().restore(backup, {}, keeping(asking));
  t.deepEqual(nexus.services.get('Async'), since);
});

test('a restore that can not keep what it replaces changes nothing', async t => {
  const {nexus, folder, asking, open} = await startTenant(t);
  await open().apply({}, asking);
  const applied = nexus.services.get('Async');
  const restored = open().restore(asking.backup, {}, {...asking, backup: join(folder, 'nowhere', 'b')});
  await t.throwsAsync(restored, {instanceOf: ProvisionError, message: /\(ENOENT\), and so it was not changed/});
  t.is(nexus.services.get('Async'), applied);
});

test('a restore mends what is not understood', async t => {
  const {nexus, lines, asking, open} = await startTenant(t);
  nexus.services.set('Async', foreignOnly);
  await open().apply({}, asking);
  nexus.services.set('Async', {data: {channels: {channelId: 'broken'}}});
  await open().restore(asking.backup, {}, keeping(asking));
  t.deepEqual(nexus.services.get('Async'), foreignOnly);
  t.true(lines.includes('acme: service Async: what stands there is not understood, and so not kept'));
});

test('what a restore did not understand is not emptied when that restore is put back', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.services.set('Async', foreignOnly);
  await open().apply({}, asking);
  nexus.services.set('Async', {data: {channels: {channelId: 'broken'}}});
  const second = keeping(asking);
  await open().restore(asking.backup, {}, second);
  await open().restore(second.backup, {}, keeping(asking));
  t.deepEqual(nexus.services.get('Async'), foreignOnly);
});

test('a backup that was edited into another form is told of, by its name and part', async t => {
  const {nexus, asking, open} = await startTenant(t);
  await open().apply({}, asking);
  const written = nexus.services.get('Async');
  const kept = [{target: 'acme: service Async', before: {data: {channels: 7}}}];
  writeFileSync(asking.backup, JSON.stringify({version: 1, kept}));
  const error = await t.throwsAsync(open().restore(asking.backup, {}, keeping(asking)), {instanceOf: ProvisionError});
  t.regex(error.message, /backup\.json does not hold acme: service Async in the form it was kept in: correct it there/);
  t.is(nexus.services.get('Async'), written);
});

test('a key that no header takes is told as the mistake it is', async t => {
  const {nexus, write, open} = await startTenant(t);
  write(toFile(nexus.url).replace(/apiKey: [^}]+/, 'apiKey: "copied\\u200b"'));
  const error = await t.throwsAsync(open().plan({}), {instanceOf: ProvisionError});
  t.is(error.trouble, 'config');
  t.regex(error.message, /^provisioning\.apiKey of http.* holds a character that no header has: copy it again\.$/);
  t.deepEqual(nexus.requests, []);
});

test('what was written and is not kept is noticed', async t => {
  const {nexus, asking, open} = await startTenant(t);
  nexus.fault({method: 'POST', status: 200});
  await t.throwsAsync(open().apply({}, asking), {message: /was written and reads back differently/});
});

test('every export is complete and holds no secret', async t => {
  const {open} = await startTenant(t);
  for (const kind of ['curl', 'cfg', 'json', 'checklist'] as const) {
    const text = open().export(kind, 'Acme');
    t.notRegex(text, /-secret-|9b7682b7/);
    t.regex(text, /16504661149/);
    t.regex(text, /72345/);
  }
});

test('the exported sections are those the scripts make', async t => {
  const {open} = await startTenant(t);
  const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8');
  const campaigns = fixture('cxc-only.cfg')
    .replace('16504661149', '72345')
    .replace('chat.SMS_Endpoint', 'chat.Campaigns');
  t.is(open().export('cfg', ''), `${fixture('chat.cfg')}\n${campaigns}`);
});

test('what takes longer than a second tells what it is at', async t => {
  const {nexus, lines, asking, open} = await startTenant(t);
  nexus.fault({method: 'GET', path: /SMS$/, times: 1, delayMs: 1500, status: 404, body: {}});
  await open().apply({}, asking);
  t.true(lines.includes('reading acme: service SMS …'));
});
