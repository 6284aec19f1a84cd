import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ProvisionError} from '../../../provisioning/setup/index.ts';
import {createPretendGws, type PretendGwsOptions} from '../../../src/sandbox/admin/gws.ts';
import {keeping, startTenant} from './file.ts';

const theirs = {
  'chat.Web': {endpoint: 'chat.Web'},
  'chat.SMS_Main': {provider: 'Portico', 'header:x-token': 'their token'},
};

async function startBoth(t: ExecutionContext, options: Partial<PretendGwsOptions> = {}) {
  const tenant = await startTenant(t);
  const gws = await createPretendGws({user: 'admin', password: 'gws-password', annex: theirs, ...options});
  t.teardown(() => gws.stop());
  return {...tenant, gws, login: {gws: {url: gws.url, user: 'admin', password: 'gws-password'}}};
}

test('NexusServices is merged by a delta, and a plan after it is empty', async t => {
  const {gws, login, asking, open} = await startBoth(t);
  const {text} = await open().plan(login);
  t.regex(text, /~ \[chat\.SMS_Main] provider: Portico -> Async\n/);
  await open().apply(login, asking);
  t.false((await open().plan(login)).pending);
  t.deepEqual(gws.annex['chat.Web'], theirs['chat.Web']);
  t.like(gws.annex['chat.SMS_Main'], {provider: 'Async', 'header:x-token': 'their token', channelId: '16504661149'});
  const written = gws.requests.findLast(({method}) => method === 'PUT')?.body.toString('utf8') ?? '';
  t.false(written.includes('their token'));
});

test('a channel taken out takes its section along, and restores end where it all began', async t => {
  const {gws, folder, login, asking, open} = await startBoth(t);
  await open().apply(login, asking);
  const applied = structuredClone(gws.annex);
  const backup = join(folder, 'removed');
  await open().remove('16504661149', login, {...asking, backup});
  t.deepEqual(Object.keys(gws.annex), ['chat.Web', 'chat.SMS_Campaigns']);
  await open().restore(backup, login, keeping(asking));
  t.deepEqual(gws.annex, applied);
  await open().restore(asking.backup, login, keeping(asking));
  t.deepEqual(gws.annex, theirs);
});

test('a section of others stays although nothing stands in it', async t => {
  const {gws, login, asking, open} = await startBoth(t, {annex: {...theirs, 'chat.Empty': {}}});
  await open().apply(login, asking);
  await open().remove('16504661149', login, keeping(asking));
  t.deepEqual(gws.annex['chat.Empty'], {});
});

test('a wrong password is told without it', async t => {
  const {gws, asking, open} = await startBoth(t);
  const wrong = {gws: {url: gws.url, user: 'admin', password: 'not this one'}};
  const error = await t.throwsAsync(open().apply(wrong, asking), {instanceOf: ProvisionError});
  t.is(error.trouble, 'forbidden');
  t.false(error.message.includes('not this one'));
});

test('a refusal within a 200 is one', async t => {
  const {gws, login, asking, open} = await startBoth(t);
  gws.fault({
    method: 'PUT',
    body: {statusCode: 4, statusMessage: 'Platform exception: Uniqueness constraint violated'},
  });
  await t.throwsAsync(open().apply(login, asking), {message: /It says: Platform exception/});
});
