import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ProvisionError} from '../../../provisioning/setup/index.ts';
import {createPretendGax, type PretendGaxOptions} from '../../../src/sandbox/admin/gax.ts';
import {keeping, startTenant} from './file.ts';

const theirs = [
  {section: 'chat.Web', key: 'endpoint', value: 'chat.Web'},
  {section: 'chat.SMS_Main', key: 'provider', value: 'Portico'},
  {section: 'chat.SMS_Main', key: 'header:x-token', value: 'their token'},
];

async function startBoth(t: ExecutionContext, options: Partial<PretendGaxOptions> = {}) {
  const tenant = await startTenant(t);
  const gax = await createPretendGax({user: 'default', password: 'gax-password', annex: theirs, ...options});
  t.teardown(() => gax.stop());
  const login = {gax: {url: gax.url, user: 'default', password: 'gax-password'}};
  return {...tenant, gax, login};
}

test('NexusServices is merged, and a plan after it is empty', async t => {
  const {gax, login, asking, open} = await startBoth(t);
  const {text} = await open().plan(login);
  t.regex(text, /~ \[chat\.SMS_Main] provider: Portico -> Async\n/);
  t.regex(text, /\+ \[chat\.SMS_Campaigns] cxcOnly = true\n/);
  await open().apply(login, asking);
  t.false((await open().plan(login)).pending);
  const {userproperties, ...rest} = gax.transaction();
  t.like(rest, {dbid: '217', name: 'NexusServices', subtype: 'CFGTRTList'});
  const {property} = userproperties as {property: typeof theirs};
  t.deepEqual(property.slice(0, 3), [theirs[0], {...theirs[1], value: 'Async'}, theirs[2]]);
  t.is(property.length, 3 + 7 + 8);
});

test('a channel taken out takes its section along, and a restore brings both back', async t => {
  const {nexus, gax, folder, login, asking, open} = await startBoth(t);
  await open().apply(login, asking);
  const before = {services: nexus.services.get('Async'), transaction: gax.transaction()};
  const backup = join(folder, 'removed');
  await open().remove('16504661149', login, {...asking, backup});
  t.false(JSON.stringify(gax.transaction()).includes('chat.SMS_Main'));
  t.true(JSON.stringify(gax.transaction()).includes('chat.SMS_Campaigns'));
  await open().restore(backup, login, keeping(asking));
  t.deepEqual({services: nexus.services.get('Async'), transaction: gax.transaction()}, before);
});

test('a restore without the way the sections were written by says which it needs, and changes nothing', async t => {
  const {nexus, login, asking, open} = await startBoth(t);
  await open().apply(login, asking);
  nexus.requests.length = 0;
  const error = await t.throwsAsync(open().restore(asking.backup, {}, keeping(asking)), {instanceOf: ProvisionError});
  t.regex(error.message, /keeps NexusServices, which is put back by --gax or --gws.*Nothing was changed\.$/);
  t.deepEqual(nexus.requests, []);
});

test('a restore with a target missing in the middle puts nothing back', async t => {
  const {nexus, gax, path, login, asking, write, open} = await startBoth(t);
  await open().apply(login, asking);
  const applied = gax.transaction();
  write(readFileSync(path, 'utf8').replaceAll('acme', 'other'));
  const error = await t.throwsAsync(open().restore(asking.backup, login, keeping(asking)), {
    instanceOf: ProvisionError,
  });
  t.regex(error.message, /keeps acme: service Async, which the file does not know.*Nothing was changed\.$/);
  t.is(gax.transaction(), applied);
  t.is(nexus.services.size, 2);
});

test('what was kept by Web Services and Applications is put back by GAX, the rest of the object as it is', async t => {
  const {gax, folder, login, asking, open} = await startBoth(t);
  const backup = join(folder, 'by-gws.json');
  const before = {dbid: '217', userproperties: {property: theirs}};
  writeFileSync(backup, JSON.stringify({version: 1, kept: [{target: 'NexusServices', before}]}));
  await open().apply(login, asking);
  await open().restore(backup, login, keeping(asking));
  t.like(gax.transaction(), {name: 'NexusServices', subtype: 'CFGTRTList', userproperties: {property: theirs}});
});

test('sections of several tenants are not written into the transaction of one', async t => {
  const {gax, path, login, asking, write, open} = await startBoth(t);
  const platform = 'type: nexus\n    url: http://127.0.0.1:1\n    ccid: 11111111-2222-4333-8444-555555555555';
  write(
    readFileSync(path, 'utf8')
      .replace('carriers:\n', `  beta:\n    ${platform}\n    provisioning: {apiKey: a-key-of-beta}\ncarriers:\n`)
      .replace('id: "72345"\n    platform: acme', 'id: "72345"\n    platform: beta'),
  );
  const text = await t.throwsAsync(open().plan(login), {instanceOf: ProvisionError});
  t.regex(text.message, /NexusServices is one for each tenant, and the file has several: say which, with --platform/);
  await open({platform: 'acme'}).apply(login, asking);
  t.false(JSON.stringify(gax.transaction()).includes('72345'));
});

const elsewhere = [
  {section: 'chat.SMS_Main', key: 'channelId', value: '19995550000'},
  {section: 'chat.Old', key: 'channelId', value: '72345'},
  {section: 'chat.Old', key: 'provider', value: 'Portico'},
];

test('a section is not taken from another channel, nor a channel given a second one, unasked', async t => {
  const {nexus, gax, login, asking, open} = await startBoth(t, {annex: elsewhere});
  const {text} = await open().plan(login);
  t.regex(
    text,
    /! NexusServices: \[chat\.SMS_Main] leads channel 19995550000, whose texts would reach nobody any more/,
  );
  t.regex(text, /! NexusServices: \[chat\.Old] leads channel 72345 already, and of two sections chance decides/);
  const error = await t.throwsAsync(open().apply(login, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /leads channel 19995550000(.*\n)*.*leads channel 72345(.*\n)*Nothing was changed\.$/);
  t.is(nexus.services.size, 0);
  t.deepEqual(gax.annex(), elsewhere);
});

test('a section and a channel are taken over when asked, and a restore gives them back', async t => {
  const {gax, login, asking, open} = await startBoth(t, {annex: elsewhere});
  const {text} = await open().plan({...login, replace: true});
  t.regex(text, /- \[chat\.Old]\n.*~ \[chat\.SMS_Main] channelId: 19995550000 -> 16504661149\n/);
  await open().apply({...login, replace: true}, asking);
  t.false(gax.annex().some(({section}) => section === 'chat.Old'));
  t.false((await open().plan(login)).pending);
  await open().restore(asking.backup, login, keeping(asking));
  t.deepEqual(gax.annex(), elsewhere);
});

for (const value of ['19995550000', '']) {
  test(`a section of ${value === '' ? 'no channel yet' : 'a channel that is dropped'} may lead another one`, async t => {
    const {gax, login, asking, open} = await startBoth(t, {annex: elsewhere.slice(0, 1).map(one => ({...one, value}))});
    await open().apply({...login, drop: ['19995550000']}, asking);
    t.is(gax.annex()[0]?.value, '16504661149');
  });
}

const byWhatsApp = [
  {section: 'chat.WA', key: 'channelId', value: '16504661149'},
  {section: 'chat.WA', key: 'channelType', value: 'whatsapp'},
];

test('a number that is a WhatsApp channel too keeps that section, also when it is taken out', async t => {
  const {gax, folder, login, asking, open} = await startBoth(t, {annex: byWhatsApp});
  await open().apply(login, asking);
  t.false((await open().plan({...login, replace: true})).pending);
  await open().remove('16504661149', login, {...asking, backup: join(folder, 'removed')});
  t.deepEqual(gax.annex().slice(0, 2), byWhatsApp);
  t.false(gax.annex().some(({section}) => section === 'chat.SMS_Main'));
});

test('channels of the file may change their sections', async t => {
  const {gax, path, login, asking, write, open} = await startBoth(t);
  await open().apply(login, asking);
  write(
    readFileSync(path, 'utf8')
      .replace('chat.SMS_Main', 'chat.SMS_Swapped')
      .replace('chat.SMS_Campaigns', 'chat.SMS_Main')
      .replace('chat.SMS_Swapped', 'chat.SMS_Campaigns'),
  );
  await open().apply(login, keeping(asking));
  t.false((await open().plan(login)).pending);
  t.deepEqual(
    gax.annex().filter(({key}) => key === 'channelId'),
    [
      {section: 'chat.SMS_Main', key: 'channelId', value: '72345'},
      {section: 'chat.SMS_Campaigns', key: 'channelId', value: '16504661149'},
    ],
  );
});

test('two channels of one section are told, and nothing is written or exported', async t => {
  const {nexus, gax, path, login, asking, write, open} = await startBoth(t);
  write(readFileSync(path, 'utf8').replace('chat.SMS_Campaigns', 'chat.SMS_Main'));
  const why =
    /The file has the section chat\.SMS_Main for 16504661149 \(acme\) and 72345 \(acme\): give each one of its own/;
  const error = await t.throwsAsync(open().apply(login, asking), {instanceOf: ProvisionError});
  t.regex(error.message, why);
  t.is(nexus.services.size, 0);
  t.deepEqual(gax.annex(), theirs);
  for (const kind of ['cfg', 'json'] as const) t.throws(() => open().export(kind, 'Acme'), {message: why});
});

async function holdsBack(t: ExecutionContext, options: Partial<PretendGaxOptions>, why: RegExp) {
  const {nexus, login, asking, open} = await startBoth(t, options);
  const error = await t.throwsAsync(open().apply(login, asking), {instanceOf: ProvisionError});
  t.regex(error.message, why);
  t.is(nexus.services.size, 0);
}

test(
  'nothing at all is written with a wrong password',
  holdsBack,
  {password: 'other'},
  /refuses GAX_USER and GAX_PASSWORD/,
);
test(
  'nothing at all is written where several tenants have one',
  holdsBack,
  {transactions: 2},
  /of several tenants: use export cfg/,
);
test('nothing at all is written where there is none', holdsBack, {transactions: 0}, /no transaction NexusServices/);
