import test from 'ava';
import {customGateway, startServices} from '../provisioning/peers.ts';
import {run} from '../provisioning/run.ts';

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
