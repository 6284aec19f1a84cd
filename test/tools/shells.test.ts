import {existsSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {customGateway, startServices} from '../provisioning/peers.ts';
import {makeFolder, run} from '../provisioning/run.ts';

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];

for (const shell of shells) {
  test(`the scripts run alike in ${shell.join(' ')} (Debian package ${shell[0]})`, async t => {
    const {nexus, env} = await startServices(t);
    const secret = `it's "$HOME" \\ \n ü 🔑`;
    nexus.services.set('Async', {
      data: {channels: [{channelId: 'theirs', webhook: {url: 'https://theirs.example.com'}}]},
      secret: {channels: [{channelId: 'theirs', webhook: {secret}, api: {secret}}]},
    });
    const all = {...env, ...customGateway, asyncAPISignatureKey: secret};
    const {code, stderr} = await run(t, 'service-async.sh', [], {env: all, shell});
    t.is(code, 0, stderr);
    t.deepEqual(nexus.services.get('Async')?.secret, {
      channels: [
        {channelId: '16504661149', webhook: {secret: 'webhook-signature-key'}, api: {secret}},
        {channelId: 'theirs', webhook: {secret}, api: {secret}},
      ],
    });
  });
}

test('the scripts keep every member of a document by the awk of busybox (Debian package busybox)', async t => {
  const {nexus, env} = await startServices(t);
  const folder = makeFolder(t);
  const busybox = (process.env.PATH ?? '').split(':').find(path => existsSync(join(path, 'busybox'))) ?? '';
  symlinkSync(join(busybox, 'busybox'), join(folder, 'awk'));
  const more = {'a"b': 1, 'c\\d': [2], 'e/f~g': '3', 'h\ni': {'j"': 4}};
  const document = {...more, data: {...more, channels: []}, secret: {...more, channels: []}};
  nexus.services.set('Async', document);
  const all = {...env, ...customGateway, PATH: `${folder}:${process.env.PATH}`};
  const {code, stderr} = await run(t, 'service-async.sh', [], {env: all});
  t.is(code, 0, stderr);
  const written = nexus.services.get('Async');
  t.like(written, more);
  t.like(written?.data, more);
  t.like(written?.secret, more);
});
