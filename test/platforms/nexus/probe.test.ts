import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {nexusOptions} from '../../../src/platforms/nexus/options.ts';
import {toInboundVariants} from '../../../src/platforms/nexus/probe/candidates.ts';
import type {ProbeFinding, ProbeReport} from '../../../src/platforms/platform.ts';
import type {NexusVariant} from '../../../src/sandbox/nexus-wire.ts';
import {createEdge, toChannel, withNexus} from './harness.ts';

const channel = '16504661149';
const live = {phone: '+14155550123'};

async function probe(t: ExecutionContext, variant: Partial<NexusVariant>, isLive: boolean, contract: object = {}) {
  const {peer, platform} = await withNexus(t, {variant, settings: {contract}});
  const report = await platform.probe?.({channel, ...(isLive ? {live} : {})});
  if (report === undefined) throw new Error('the platform can’t be probed');
  return {peer, report};
}

/** What the report would have written into the file. */
function toSettings({findings}: ProbeReport): Record<string, string> {
  const differing = findings.filter(({differs}) => differs);
  return Object.fromEntries(differing.map(({setting, value}) => [setting.replace('contract.', ''), value]));
}

const finds = test.macro({
  async exec(t, variant: Partial<NexusVariant>, settings: Record<string, string>, contract: object = {}) {
    const {peer, report} = await probe(t, variant, true, contract);
    t.deepEqual(toSettings(report), settings);
    t.is(peer.messages.filter(({accepted}) => accepted).length, 1);
    t.true(report.findings.every(({sure}) => sure !== 'unknown'));
  },
  title: (title = '') => `finds ${title}, and opens one interaction`,
});

test('nothing to change in the likeliest Nexus', finds, {}, {});
test(
  'other paths',
  finds,
  {messagePath: '/channels/{channelId}/message', receiptPath: '/channels/{channelId}/receipt'},
  {inboundPath: '/channels/{channelId}/message', receiptPath: '/channels/{channelId}/receipt'},
);
test(
  'the likeliest path when another is configured',
  finds,
  {},
  {inboundPath: '/channels/{channelId}/messages'},
  {inboundPath: '/channels/{channelId}/texts'},
);
test(
  'single messages',
  finds,
  {messageEnvelope: 'single', receiptEnvelope: 'single'},
  {inboundEnvelope: 'single', receiptEnvelope: 'single'},
);
test('data around inbound messages alone', finds, {messageEnvelope: 'data'}, {inboundEnvelope: 'data'});
test(
  'data around one message',
  finds,
  {messageEnvelope: 'dataSingle', receiptEnvelope: 'dataSingle'},
  {inboundEnvelope: 'dataSingle', receiptEnvelope: 'dataSingle'},
);
test('numbers with plus', finds, {numberForm: 'e164'}, {numberForm: 'e164'});
test('another spelling of the channel type', finds, {channelType: 'SMS'}, {channelType: 'SMS'});
test(
  'the id where it is configured',
  finds,
  {messageIdIn: 'channel.messageId'},
  {messageIdIn: 'both'},
  {messageIdIn: 'id'},
);
test('signatures in base64', finds, {signatureEncoding: 'base64'}, {signatureEncoding: 'base64'});
test('uploads signed over the file', finds, {mediaSignature: 'file'}, {'media.signature': 'file'});
test(
  'several things at once',
  finds,
  {
    messagePath: '/channels/{channelId}/message',
    messageEnvelope: 'data',
    receiptEnvelope: 'single',
    numberForm: 'e164',
    signatureEncoding: 'base64',
  },
  {
    inboundPath: '/channels/{channelId}/message',
    inboundEnvelope: 'data',
    receiptEnvelope: 'single',
    numberForm: 'e164',
    signatureEncoding: 'base64',
  },
);

test('finds paths without creating anything', async t => {
  const {peer, report} = await probe(t, {receiptPath: '/channels/{channelId}/receipt'}, false);
  t.deepEqual(toSettings(report), {receiptPath: '/channels/{channelId}/receipt'});
  const posts = [...peer.messages, ...peer.receipts, ...peer.media];
  t.true(posts.length > 0);
  t.true(posts.every(({accepted, signatureOk}) => !accepted && !signatureOk));
  t.regex(report.warnings.join(' '), /alert/);
  t.deepEqual(
    report.lines.map(({question, candidate, answered, fits}) => [
      question,
      candidate.split('/').at(-1),
      answered,
      fits,
    ]),
    [
      ['no such route', 'nexus-async-gateway-control', '404', 'no'],
      ['inbound path', 'messages', '401', 'yes'],
      ['inbound path', 'message', '404', 'no'],
      ['inbound path', 'inbound', '404', 'no'],
      ['receipt path', 'receipts', '404', 'no'],
      ['receipt path', 'receipt', '401', 'yes'],
      ['media path', 'media', '401', 'yes'],
    ],
  );
});

test('says so when no path fits', async t => {
  const {report} = await probe(
    t,
    {messagePath: '/texts/{channelId}', receiptPath: '/states/{channelId}', mediaPath: '/files/{channelId}'},
    true,
  );
  t.true(report.findings.every(({sure, differs}: ProbeFinding) => sure === 'unknown' && !differs));
  t.regex(report.warnings.join(' '), /No route was found/);
});

test('says so when the secret is wrong', async t => {
  const {peer, platform} = await withNexus(t, {channels: [toChannel(channel, {apiSecrets: ['other']})]});
  const report = await platform.probe?.({channel, live});
  t.regex(report?.warnings.join(' ') ?? '', /apiSecret/);
  t.true(peer.messages.every(({accepted}) => !accepted));
});

test('another base path', finds, {basePath: '/v3'}, {basePath: '/v3'});
test('no base path, as the file writes it', finds, {basePath: ''}, {basePath: '/'});
test(
  'another base path with other routes',
  finds,
  {basePath: '/nexus/v2', messagePath: '/channels/{channelId}/inbound', receiptEnvelope: 'single'},
  {basePath: '/nexus/v2', inboundPath: '/channels/{channelId}/inbound', receiptEnvelope: 'single'},
);

test('finds that an API key is asked for, and posts nothing without it', async t => {
  const {peer, report} = await probe(t, {apiKey: 'k'}, true);
  t.deepEqual(
    report.findings.filter(({differs}) => differs),
    [{setting: 'contract.apiKey', value: 'the key of this API', sure: 'likely', differs: true}],
  );
  t.regex(report.warnings.join(' '), /asks for an API key/);
  t.true(peer.messages.every(({accepted}) => !accepted));
  const found = await probe(t, {apiKey: 'k'}, true, {apiKey: 'k'});
  t.deepEqual(toSettings(found.report), {});
});

test('finds that receipts may be wanted as messages, which nobody but Genesys can be sure of', async t => {
  const {report} = await probe(t, {receiptPath: '/nowhere/{channelId}', receiptAsMessage: true}, true);
  const [found] = report.findings.filter(({setting}) => setting === 'contract.receiptAsMessage');
  t.deepEqual(found, {setting: 'contract.receiptAsMessage', value: 'true', sure: 'likely', differs: true});
});

test('concludes nothing where everything is answered alike', async t => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(401).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const [platform] = createEdge({url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`}).platforms;
  t.teardown(async () => {
    await platform?.stop();
    await new Promise(resolve => server.close(resolve));
  });
  const report = await platform?.probe?.({channel});
  t.true(report?.findings.every(({sure}) => sure === 'unknown'));
  t.regex(report?.warnings.join(' ') ?? '', /hides which routes there are/);
});

test('knows of no channel that is not configured', async t => {
  const {platform} = await withNexus(t);
  t.like(await platform.probe?.({channel: '1'}), {lines: [], findings: []});
});

test('tries the configured form first, then those nearest to it', t => {
  const {contract} = nexusOptions.parse({url: 'https://x.test', ccid: 'c', contract: {inboundEnvelope: 'single'}});
  const variants = toInboundVariants(contract);
  t.is(variants.length, 48);
  t.is(variants[0], contract);
  const changes = variants.map(
    one =>
      [
        one.inboundEnvelope !== 'single',
        one.numberForm !== 'digits',
        one.channelType !== 'sms',
        one.messageIdIn !== 'both',
      ].filter(Boolean).length,
  );
  t.deepEqual(changes, changes.toSorted());
});
