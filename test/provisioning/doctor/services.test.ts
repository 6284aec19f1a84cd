import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {lookAtServices} from '../../../provisioning/doctor/nexus.ts';
import {loadConfig} from '../../../src/config.ts';
import {startServices} from '../peers.ts';
import {makeFolder} from '../run.ts';
import {ours, toFile} from '../setup/file.ts';

test("channels of a tenant's platform that can not be reached are no strangers in its service", async t => {
  const {nexus} = await startServices(t);
  const file = toFile(nexus.url).replace('id: "72345"\n    platform: acme', 'id: "72345"\n    platform: beta');
  const acme = JSON.stringify({...parse(file).platforms.acme, proxy: 'http://127.0.0.1:1'});
  const path = join(makeFolder(t), 'gateway.yaml');
  writeFileSync(path, file.replace('carriers:\n', `  beta: ${acme}\ncarriers:\n`));
  const second = {channelId: '72345', webhook: {url: 'https://gw.example.com/nexus/webhook/beta/72345'}};
  nexus.services.set('Async', {data: {channels: [ours.data[0], second]}, secret: {channels: ours.secret}});
  nexus.services.set('SMS', {data: {provider: 'Async'}});
  const findings = await lookAtServices(loadConfig({path, env: {}}), ['acme']);
  t.deepEqual(
    findings.map(({code}) => code),
    ['async', 'sms'],
  );
  t.deepEqual(await lookAtServices(loadConfig({path, env: {}}), []), []);
});
