import test, {type ExecutionContext} from 'ava';
import {createPretendNexus} from '../../src/sandbox/nexus.ts';
import type {NexusVariant} from '../../src/sandbox/nexus-wire.ts';
import {writeFiles} from '../helpers/config-file.ts';
import {nexusFile, runNexus} from '../helpers/run-nexus-command.ts';

const channelId = '16504661149';

async function withNexus(t: ExecutionContext, variant: Partial<NexusVariant> = {}) {
  const channels = [{channelId, webhookSecret: `webhook-${channelId}`, apiSecret: `api-${channelId}`}];
  const nexus = await createPretendNexus({ccid: '45acae06-6b7c-4f97-9c76-471cb5c21bf7', channels, variant});
  t.teardown(() => nexus.stop());
  return {nexus, path: writeFiles(t, {'gateway.yaml': nexusFile(nexus.url)})};
}

test('tells what each candidate answered and which setting follows, creates nothing, and exits 1 while the file differs', async t => {
  const {nexus, path} = await withNexus(t, {receiptPath: '/channels/{channelId}/receipt'});
  const {code, out, err} = await runNexus(['probe', channelId, '--config', path]);
  t.is(code, 1);
  t.regex(err, /wrongly signed on purpose.*may raise an alert/);
  t.regex(out, /receipt path +\/channels\/\{channelId\}\/receipts +404 +does not/);
  t.regex(out, /contract\.receiptPath +\/channels\/\{channelId\}\/receipt +certain +the file says otherwise/);
  t.regex(out, /contract\.inboundPath +\S+ +certain +as in the file/);
  t.is([...nexus.messages, ...nexus.receipts, ...nexus.media].filter(({accepted}) => accepted).length, 0);
});

test('--live opens one interaction, and exits 0 when the file fits', async t => {
  const {nexus, path} = await withNexus(t);
  const {code, out} = await runNexus(['probe', channelId, '--config', path, '--live', '+14155550123', '--json']);
  t.is(code, 0);
  t.true(JSON.parse(out).findings.every(({differs}: {differs: boolean}) => !differs));
  t.is(nexus.messages.filter(({accepted}) => accepted).length, 1);
});

test('refuses what names no channel, no phone, or a file with mistakes', async t => {
  const {path} = await withNexus(t);
  t.like(await runNexus(['probe']), {code: 64});
  t.like(await runNexus(['probe', '199', '--config', path]), {code: 64});
  t.like(await runNexus(['probe', channelId, '--config', path, '--live', '5550123']), {code: 64});
  const broken = writeFiles(t, {'gateway.yaml': 'channels: [{}]'});
  t.like(await runNexus(['probe', channelId, '--config', broken]), {code: 78});
});
