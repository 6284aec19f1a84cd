import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createPretendGax, type PretendGaxOptions} from '../../src/sandbox/admin/gax.ts';
import {createPretendGws} from '../../src/sandbox/admin/gws.ts';
import {makeFolder, run} from './run.ts';

const values = {asyncPhoneNumber: '16504661149', designerEndpointName: 'SMS_Endpoint'};
const section = ['--section', 'chat.SMS_Main'];
const wanted = {
  channelId: '16504661149',
  channelType: 'sms',
  endpoint: 'chat.SMS_Endpoint',
  interactionSubtype: 'SMS',
  interactionType: 'Inbound',
  media: 'chat',
  cxcOnly: 'false',
  provider: 'Async',
};

async function isGolden(t: ExecutionContext, file: string, args: string[], env: Record<string, string> = {}) {
  const {code, stdout, stderr} = await run(t, 'nexus-services.sh', args, {env: {...values, ...env}});
  t.is(code, 0, stderr);
  t.is(stdout, readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8'));
}

test('a chat channel', isGolden, 'chat.cfg', section);
test('a channel of CX Contact', isGolden, 'cxc-only.cfg', ['--section', 'chat.SMS_Campaigns', '--cxc-only', '--cfg']);
test('a short code', isGolden, 'short-code.cfg', ['--section', 'chat.SMS_Short-Code'], {tfn: '72345'});
test('a channel with headers', isGolden, 'headers.cfg', [
  ...section,
  '--header',
  'custom-header-for-async-1=12345',
  '--header',
  'x-route=blue; a="b=c" \\ $d ü',
]);
test('a channel of Genesys Cloud', isGolden, 'portico.cfg', section, {nexusProvider: 'Portico', tfn: '18885550100'});

test('the JSON for mutagen holds any value', async t => {
  const header = `quote"s \\ $x ü`;
  const {stdout} = await run(t, 'nexus-services.sh', [...section, '--json', '--header', `x-a=${header}`], {
    env: {...values, tenantName: 'Ac"me'},
  });
  t.deepEqual(JSON.parse(stdout), {
    __metadata__: {formatName: 'JSON', formatVersion: '1.0.0'},
    transactions: [
      {
        tenant: 'Ac"me',
        name: 'NexusServices',
        type: 'list',
        alias: 'NexusServices',
        userProperties: {'chat.SMS_Main': {...wanted, 'header:x-a': header}, Async: {'header:x-a': header}},
      },
    ],
  });
});

async function refuses(t: ExecutionContext, args: string[], env: Record<string, string>, code: number, why: RegExp) {
  const result = await run(t, 'nexus-services.sh', args, {env: {...values, ...env}});
  t.is(result.code, code);
  t.regex(result.stderr, why);
  t.is(result.stdout, '');
}

test('a section begins with chat.', refuses, ['--section', 'SMS_Main'], {}, 78, /begins with 'chat\.'/);
test('a section has no blank', refuses, ['--section', 'chat.SMS Main'], {}, 78, /letters, underscores or dashes/);
test('a section is named', refuses, [], {}, 64, /which section/);
test('a provider is a known one', refuses, section, {nexusProvider: 'async'}, 78, /Async, Portico or mGage/);
test('an endpoint has no blank', refuses, section, {designerEndpointName: 'SMS Main'}, 78, /holds a blank/);
test('a header has a value', refuses, [...section, '--header', 'x-a='], {}, 78, /header:x-a is empty/);
test('a header has a name', refuses, [...section, '--header', '=b'], {}, 64, /letters, digits and dashes/);
test('a header is one line', refuses, [...section, '--header', 'x-a=b\tc'], {}, 78, /holds a line break/);

const login = {user: 'default', password: 'pass"word\\'};
const theirs = [
  {section: 'chat.Web', key: 'endpoint', value: 'chat."Web" \\ é'},
  {section: 'chat.SMS_Main', key: 'provider', value: 'Portico'},
  {section: 'chat.SMS_Main', key: 'header:x-secret', value: 'their token'},
];

async function startGax(t: ExecutionContext, options: Partial<PretendGaxOptions> = {}) {
  const gax = await createPretendGax({...login, annex: theirs, ...options});
  t.teardown(() => gax.stop());
  const env = {...values, gaxURL: gax.url, gaxUser: login.user, gaxPassword: login.password};
  return {gax, env, folder: makeFolder(t)};
}

test('--gax merges a section, leaves everything else as it is and keeps what stood before', async t => {
  const {gax, env, folder} = await startGax(t);
  const before = gax.transaction();
  const {code, stdout, stderr} = await run(t, 'nexus-services.sh', [...section, '--gax'], {env, folder});
  t.is(code, 0, stderr);
  const {provider, ...added} = wanted;
  t.deepEqual(gax.transaction(), {
    ...before,
    userproperties: {
      property: [
        theirs[0],
        {...theirs[1], value: provider},
        theirs[2],
        ...Object.entries(added).map(([key, value]) => ({section: 'chat.SMS_Main', key, value})),
      ],
    },
  });
  const [backup = ''] = readdirSync(folder);
  t.deepEqual(JSON.parse(readFileSync(join(folder, backup), 'utf8')), before);
  t.is(statSync(join(folder, backup)).mode & 0o777, 0o600);
  t.regex(stdout, new RegExp(`written\\. What stood before is in ${backup}`));
  t.is(gax.requests.at(-1)?.method, 'GET');
});

test('--gax run twice writes once', async t => {
  const {gax, env, folder} = await startGax(t, {annex: []});
  await run(t, 'nexus-services.sh', [...section, '--gax'], {env, folder});
  const again = await run(t, 'nexus-services.sh', [...section, '--gax'], {env, folder});
  t.is(again.code, 0);
  t.is(again.stdout, 'NexusServices: already so.\n');
  t.is(gax.requests.filter(({method}) => method === 'PUT').length, 1);
});

test('--gax --dry-run shows what would be written, secrets masked', async t => {
  const {gax, env, folder} = await startGax(t);
  const {code, stdout} = await run(t, 'nexus-services.sh', [...section, '--gax', '--dry-run'], {env, folder});
  t.is(code, 0);
  t.regex(stdout, /^PUT http.*\/gax\/api\/cfg\/objects\/CfgTransaction\/217\n/);
  t.notRegex(stdout, /their token|JSESSIONID|pass/);
  t.false(gax.requests.some(({method}) => method === 'PUT'));
  t.deepEqual(readdirSync(folder), []);
});

const elsewhere = {'chat.SMS_Main': {channelId: '19995550000'}, 'chat.Old/2': {channelId: values.asyncPhoneNumber}};

for (const way of ['--gax', '--gws']) {
  test(`${way} takes no section from another channel and gives ours no second one unasked`, async t => {
    const annex = Object.entries(elsewhere).map(([name, {channelId}]) => ({
      section: name,
      key: 'channelId',
      value: channelId,
    }));
    const {gax, env, folder} = await startGax(t, {annex});
    const gws = await createPretendGws({...login, annex: elsewhere});
    t.teardown(() => gws.stop());
    const given = {...env, gwsURL: gws.url, gwsUser: login.user, gwsPassword: login.password};
    const {code, stderr} = await run(t, 'nexus-services.sh', [...section, way], {env: given, folder});
    t.is(code, 3, stderr);
    t.regex(stderr, /\[chat\.SMS_Main] leads channel 19995550000, .* or say --replace\./);
    t.regex(stderr, /\[chat\.Old\/2] leads channel \d+ already, .* Say --section chat\.Old\/2, or/);
    t.deepEqual(readdirSync(folder), []);

    delete gws.annex['chat.Old/2'];
    gax.setAnnex(annex.slice(0, 1));
    const again = await run(t, 'nexus-services.sh', [...section, way, '--replace'], {env: given, folder});
    t.is(again.code, 0, again.stderr);
    const written = way === '--gax' ? gax.annex()[0]?.value : gws.annex['chat.SMS_Main']?.channelId;
    t.is(written, values.asyncPhoneNumber);
  });
}

for (const way of ['--gax', '--gws']) {
  test(`${way} leaves the section of a number that is a WhatsApp channel too, and takes one of no channel yet`, async t => {
    const own = {channelType: 'WhatsApp', channelId: values.asyncPhoneNumber};
    const annex = Object.entries(own).map(([key, value]) => ({section: 'chat.WA', key, value}));
    const {gax, env, folder} = await startGax(t, {
      annex: [...annex, {section: 'chat.SMS_Main', key: 'channelId', value: ''}],
    });
    const gws = await createPretendGws({...login, annex: {'chat.WA': own, 'chat.SMS_Main': {channelId: ''}}});
    t.teardown(() => gws.stop());
    const given = {...env, gwsURL: gws.url, gwsUser: login.user, gwsPassword: login.password};
    const {code, stderr} = await run(t, 'nexus-services.sh', [...section, way], {env: given, folder});
    t.is(code, 0, stderr);
    t.deepEqual(gax.annex().slice(0, 2), annex);
    t.deepEqual(gws.annex['chat.WA'], own);
  });
}

test('--gax tells a wrong password', async t => {
  const {env} = await startGax(t);
  const {code, stderr} = await run(t, 'nexus-services.sh', [...section, '--gax'], {env: {...env, gaxPassword: 'no'}});
  t.is(code, 77);
  t.regex(stderr, /gaxUser and gaxPassword \(401\)\. It says: Wrong user or password/);
});

test('--gax does not choose among several tenants', async t => {
  const {env} = await startGax(t, {transactions: 2});
  t.is((await run(t, 'nexus-services.sh', [...section, '--gax'], {env})).code, 3);
});

test('--gax says it when there is no such transaction', async t => {
  const {env} = await startGax(t, {transactions: 0});
  t.is((await run(t, 'nexus-services.sh', [...section, '--gax'], {env})).code, 66);
});

test('--gax notices that what it wrote was not kept', async t => {
  const {gax, env} = await startGax(t);
  gax.fault({method: 'PUT', status: 204});
  const {code, stderr} = await run(t, 'nexus-services.sh', [...section, '--gax'], {env});
  t.is(code, 76);
  t.regex(stderr, /was written and reads back differently/);
});

test('--gws sends what differs as a delta, and nothing the second time', async t => {
  const annex = {
    'chat.Web': {endpoint: 'chat.Web'},
    'chat.SMS_Main': {provider: 'Portico', media: 'chat', 'header:x-a': 'old'},
  };
  const gws = await createPretendGws({...login, annex});
  t.teardown(() => gws.stop());
  const env = {...values, gwsURL: gws.url, gwsUser: login.user, gwsPassword: login.password};
  const folder = makeFolder(t);
  const args = [...section, '--gws', '--header', 'x-a=new "1"'];

  const shown = await run(t, 'nexus-services.sh', [...args, '--dry-run'], {env, folder});
  t.regex(shown.stdout, /"header:x-a":"\*{8}"/);
  const {code, stderr} = await run(t, 'nexus-services.sh', args, {env, folder});
  t.is(code, 0, stderr);
  const put = gws.requests.find(({method}) => method === 'PUT');
  const {provider, media, ...added} = wanted;
  t.deepEqual(JSON.parse(put?.body.toString('utf8') ?? ''), {
    'delta-transaction': {
      CfgTransaction: {DBID: '217', userProperties: {'chat.SMS_Main': added, Async: {'header:x-a': 'new "1"'}}},
      changedUserProperties: {'chat.SMS_Main': {provider, 'header:x-a': 'new "1"'}},
      deletedUserProperties: {},
    },
  });
  t.is(gws.annex['chat.SMS_Main']?.media, media);
  t.is(gws.annex['chat.Web']?.endpoint, 'chat.Web');
  t.is(readdirSync(folder).length, 1);
  t.is((await run(t, 'nexus-services.sh', args, {env, folder})).stdout, 'NexusServices: already so.\n');
});

test('--gws tells a refusal that comes with a 200', async t => {
  const gws = await createPretendGws(login);
  t.teardown(() => gws.stop());
  gws.fault({method: 'PUT', status: 200, body: {statusCode: 4, statusMessage: 'Platform exception: no rights'}});
  const env = {...values, gwsURL: gws.url, gwsUser: login.user, gwsPassword: login.password};
  const {code, stderr} = await run(t, 'nexus-services.sh', [...section, '--gws'], {env});
  t.is(code, 65);
  t.regex(stderr, /It says: Platform exception: no rights/);
});
