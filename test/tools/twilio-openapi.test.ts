import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {options} from '../../src/carriers/twilio/options.ts';
import {createNumberAccount} from '../../src/carriers/twilio/provisioning/number-account.ts';
import {accountSid, authToken, ours, phone, stage, submission, until} from '../carriers/twilio/setup.ts';
import {compare, type Exchange, type OpenApi, resolve} from '../helpers/openapi.ts';

/**
 * The pretend Twilio is held against Twilio's own OpenAPI documents, which the npm package `@twilio/cli-core` carries. Its many dependencies are not
 * wanted, so the package's archive alone is fetched: with the network, or from npm's cache.
 */
const source = {spec: '@twilio/cli-core@9.0.0', folder: 'package/src/services/twilio-api'};
const documents = ['twilio_api_v2010', 'twilio_messaging_v1'] as const;

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'twilio-openapi-'));
let known: OpenApi[] = [];

test.before(async () => {
  const pack = ['pack', source.spec, '--ignore-scripts', '--prefer-offline', '--json', '--pack-destination', folder];
  const {stdout} = await run('npm', pack);
  const [{filename}]: [{filename: string}] = JSON.parse(stdout);
  const wanted = documents.map(name => `${source.folder}/${name}.json`);
  await run('tar', ['-xzf', join(folder, filename), '-C', folder, ...wanted]);
  known = wanted.map(path => JSON.parse(readFileSync(join(folder, path), 'utf8')));
});

test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** Stands between the carrier and the pretend Twilio and writes down what passes. */
async function listenIn(t: ExecutionContext, target: string): Promise<{url: string; heard: Exchange[]}> {
  const heard: Exchange[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const form = Buffer.concat(chunks).toString();
    const {method = 'GET', url = '/', headers} = incoming;
    const type = {'content-type': 'application/x-www-form-urlencoded'};
    const answer = await fetch(target + url, {
      method,
      redirect: 'manual',
      headers: {authorization: headers.authorization ?? '', ...(form && type)},
      ...(form && {body: form}),
    });
    const body = await answer.text();
    const {pathname, searchParams} = new URL(url, target);
    const parsed = body.startsWith('{') ? JSON.parse(body) : body;
    const query = [...searchParams.keys()];
    heard.push({
      method,
      path: pathname,
      query,
      form: [...new URLSearchParams(form)],
      status: answer.status,
      body: parsed,
    });
    outgoing.writeHead(answer.status, {'content-type': answer.headers.get('content-type') ?? 'text/plain'}).end(body);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard};
}

/** Every exchange is one of a document's operations and differs from it in nothing. */
function fits(t: ExecutionContext, heard: readonly Exchange[]): void {
  for (const exchange of heard) {
    const [differences] = known.map(document => compare(document, exchange)).filter(found => found !== undefined);
    const name = `${exchange.method} ${exchange.path.replaceAll(accountSid, '{AccountSid}')}`;
    t.deepEqual(differences, [], name);
  }
}

const service = `MG${'5'.repeat(32)}`;

test('texts, files, services, templates, look-ups and recovery', async t => {
  const settings: Record<string, unknown> = {};
  const there = await stage(t, {realClock: true, settings: {recovery: {enabled: false}}});
  const between = await listenIn(t, there.pretend.url);
  Object.assign(settings, {apiUrl: between.url, recovery: {pageSize: 2}});
  const at = Date.now() - 120_000;
  const media = [{contentType: 'image/png', body: Buffer.from('png')}];
  for (const text of ['one', 'two', 'three']) {
    await there.pretend.sendFromPhone({webhookUrl: '', lost: true, from: phone, to: ours, text, media, at});
  }
  const {carrier, inbound} = await stage(t, {realClock: true, settings, addresses: [ours], pretend: there.pretend});
  const outbound = {...submission().outbound, media: [{url: 'https://example.com/a.png'}]};
  const entry = (more: Record<string, unknown>) => ({
    carrier: 'main',
    address: ours,
    senderMayChange: false,
    options: more,
  });
  const sent = [
    await carrier.send(submission({text: 'plain'})),
    await carrier.send(submission({text: 'ünïcode 🎉'.repeat(20)})),
    await carrier.send(submission({outbound})),
    await carrier.send(submission({entry: entry({messagingServiceSid: service})})),
    await carrier.send(submission({entry: entry({messagingServiceSid: service, anySender: true})})),
    await carrier.send(submission({entry: entry({contentSid: `HX${'6'.repeat(32)}`})})),
  ];
  t.true(sent.every(({kind}) => kind === 'taken'));
  for (const outcome of sent) {
    const carrierMessageId = outcome.kind === 'taken' ? outcome.carrierMessageId : undefined;
    const known = {...submission(), startedAt: Date.now(), isClaimed: async () => false};
    t.truthy(await carrier.lookUp?.({...known, carrierMessageId}));
  }
  await carrier.lookUp?.({...submission(), startedAt: Date.now() - 90_000, isClaimed: async () => false});
  await until('the missed texts', () => inbound.length === 3);
  t.true(between.heard.some(({path}) => path.endsWith('/Media.json')));
  t.true(between.heard.some(({query}) => query.includes('DateSent>')));
  fits(t, between.heard);
});

test('a message has every field the document names', async t => {
  const there = await stage(t, {realClock: true});
  const between = await listenIn(t, there.pretend.url);
  const {carrier} = await stage(t, {settings: {apiUrl: between.url, recovery: {enabled: false}}});
  there.pretend.behave({callbacks: 'none'});
  await carrier.send(submission());
  const [document] = known;
  const schema = document && resolve(document, {$ref: '#/components/schemas/api.v2010.account.message'});
  t.deepEqual(Object.keys(between.heard[0]?.body ?? {}).sort(), Object.keys(schema?.properties ?? {}).sort());
});

test('every callback tells a status of the document, and of a message it could be', async t => {
  const {carrier, pretend, receipts} = await stage(t, {realClock: true});
  const ends = [undefined, 30003] as const;
  for (const errorCode of ends) {
    pretend.behave({finalStatus: errorCode === undefined ? 'delivered' : 'undelivered', errorCode});
    t.like(await carrier.send(submission()), {kind: 'taken'});
  }
  await until('both ends', () => receipts.filter(({final}) => final).length === 2);
  const [document] = known;
  const statuses = document?.components.schemas.message_enum_status?.enum ?? [];
  const sid = document?.components.schemas['api.v2010.account.message']?.properties?.sid?.pattern ?? '^$';
  for (const {raw} of receipts) {
    const form = new URLSearchParams(raw);
    t.true(statuses.includes(form.get('MessageStatus') ?? ''), raw);
    t.is(form.get('SmsStatus'), form.get('MessageStatus'));
    t.regex(form.get('MessageSid') ?? '', new RegExp(sid));
    t.is(form.get('AccountSid'), accountSid);
  }
});

test('numbers, short codes and services', async t => {
  const there = await stage(t, {realClock: true});
  const between = await listenIn(t, there.pretend.url);
  const number = {
    sms_url: '',
    sms_method: 'POST',
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    sms_application_sid: '',
  };
  const capabilities = {sms: true, mms: true, voice: true};
  const long = {...number, sid: `PN${'1'.repeat(32)}`, phone_number: ours, capabilities};
  const short = {...number, sid: `SC${'2'.repeat(32)}`, phone_number: '12345', capabilities};
  const tollFree = {...number, sid: `PN${'3'.repeat(32)}`, phone_number: '+18005550100', capabilities};
  there.pretend.numbers.push(long, short, tollFree);
  there.pretend.tollFree.set(tollFree.sid, 'TWILIO_APPROVED');
  there.pretend.services.push({
    sid: service,
    friendly_name: 'Pool',
    inbound_request_url: null,
    use_inbound_webhook_on_number: false,
    numbers: [long.sid],
    campaign_status: 'VERIFIED',
  });
  const settings = options.parse({accountSid, authTokens: [authToken], apiUrl: between.url});
  const account = createNumberAccount(settings, {name: 'main', publicUrl: 'https://gw.example.com'});
  t.teardown(account.close);
  for (const address of [ours, '12345', '+18005550100']) {
    await account.look(address);
    await account.point(address);
  }
  t.true(between.heard.some(({method, path}) => method === 'POST' && path.includes('/IncomingPhoneNumbers/')));
  fits(t, between.heard);
});
