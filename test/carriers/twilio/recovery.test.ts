import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import {createRecovery} from '../../../src/carriers/twilio/recovery.ts';
import {accountSid, ours, phone, stage, until} from './setup.ts';

const webhookUrl = '';

test('takes in a thousand missed texts after an outage, each once, in order for each phone', async t => {
  const settings = {recovery: {pageSize: 100}};
  const there = await stage(t, {realClock: true, settings, addresses: [ours]});
  const begin = Date.now() - 3_600_000;
  for (let index = 0; index < 1000; index += 1) {
    const from = `+1415555${1000 + (index % 7)}`;
    await there.pretend.sendFromPhone({
      webhookUrl,
      lost: true,
      from,
      to: ours,
      text: `${index}`,
      at: begin + index * 1500,
    });
  }
  await there.carrier.start();
  await until('all are taken in', () => there.inbound.length >= 1000);
  t.deepEqual(
    there.inbound.map(event => Number(event.text)),
    Array.from({length: 1000}, (_, index) => index),
  );
  t.is(new Set(there.inbound.map(event => event.carrierMessageId)).size, 1000);
  t.like(there.inbound[0], {from: '+14155551000', to: ours, receivedAt: Math.floor(begin / 1000) * 1000});
});

test('takes in a whole page of the longest texts', async t => {
  const there = await stage(t, {realClock: true, addresses: [ours]});
  const begin = Date.now() - 3_600_000;
  const text = '€'.repeat(1600);
  for (let index = 0; index < 999; index += 1) {
    await there.pretend.sendFromPhone({webhookUrl, lost: true, from: phone, to: ours, text, at: begin + index * 1000});
  }
  await there.carrier.start();
  await until('all are taken in', () => there.inbound.length >= 999);
  t.true(there.inbound.every(event => event.text === text));
});

test('does not hand in again what a webhook brought, and leaves young texts to it', async t => {
  const there = await stage(t, {realClock: true, addresses: [ours]});
  const target = `${there.publicUrl}/twilio/main/inbound`;
  const old = Date.now() - 120_000;
  await there.pretend.sendFromPhone({webhookUrl: target, from: phone, to: ours, text: 'by webhook', at: old});
  await there.pretend.sendFromPhone({webhookUrl, lost: true, from: phone, to: ours, text: 'lost', at: old + 1000});
  await there.pretend.sendFromPhone({webhookUrl, lost: true, from: phone, to: ours, text: 'too young'});
  await there.pretend.sendFromPhone({
    webhookUrl,
    lost: true,
    from: phone,
    to: '+15005550009',
    text: 'not ours',
    at: old,
  });
  await there.carrier.start();
  await until('the lost one', () => there.inbound.length >= 2);
  await there.carrier.stop();
  t.deepEqual(
    there.inbound.map(event => event.text),
    ['by webhook', 'lost'],
  );
});

test('brings the media of a missed message', async t => {
  const there = await stage(t, {realClock: true, addresses: [ours]});
  const media = [{contentType: 'image/png', body: Buffer.from('png')}];
  await there.pretend.sendFromPhone({
    webhookUrl,
    lost: true,
    from: phone,
    to: ours,
    text: '',
    media,
    at: Date.now() - 120_000,
  });
  await there.carrier.start();
  await until('the message', () => there.inbound.length >= 1);
  const [file] = there.inbound[0]?.media ?? [];
  t.is(file?.contentType, 'image/png');
  t.regex(
    file?.url ?? '',
    new RegExp(`^${there.pretend.url}/2010-04-01/Accounts/AC\\w+/Messages/MM\\w+/Media/ME\\w+$`),
  );
});

test('the media of a missed message are where the account is', async t => {
  const messageSid = `MM${'0'.repeat(32)}`;
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media/ME${'0'.repeat(32)}`;
  const at = new Date(Date.now() - 120_000).toUTCString().replace('GMT', '+0000');
  const dates = {date_created: at, date_updated: at, date_sent: at};
  const message = {sid: messageSid, direction: 'inbound', from: phone, to: ours, body: '', num_media: '1', ...dates};
  const file = {parent_sid: messageSid, content_type: 'image/png', uri: `${path}.json`, ...dates};
  /** The proxy itself is Twilio. */
  const proxy = createServer((request, response) => {
    const list = request.url?.includes('/Media.json') ? {media_list: [file]} : {messages: [message]};
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(list));
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const there = await stage(t, {
    realClock: true,
    addresses: [ours],
    settings: {
      apiUrl: 'http://api.twilio.com',
      region: 'ie1',
      edge: 'dublin',
      proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    },
  });
  await until('the message', () => there.inbound.length === 1);
  t.is(there.inbound[0]?.media[0]?.url, `http://api.dublin.ie1.twilio.com${path}`);
});

/** A Twilio with one text each second, how often it was asked, and for whom. Other numbers come first and have no texts. */
function startAlone(options: {
  count: number;
  requests: number;
  failAt?: number;
  others?: number;
  numMedia?: string;
  pageSize?: number;
  onText?: () => Promise<void>;
}) {
  const texts: string[] = [];
  const asked = {count: 0, files: 0, addresses: new Set<string>()};
  const others = Array.from({length: options.others ?? 0}, (_, index) => `+1415555${1000 + index}`);
  const end = 1_700_000_000_000;
  const messages = Array.from({length: options.count}, (_, index) => {
    const dateSent = new Date(end - 3_000_000 + index * 1000);
    const sid = `SM${index.toString(16).padStart(32, '0')}`;
    return {
      sid,
      direction: 'inbound',
      from: phone,
      to: ours,
      body: String(index),
      numMedia: options.numMedia ?? '0',
      dateSent,
      dateCreated: dateSent,
    };
  });
  const list = async (query: {to: string; dateSentAfter: Date; dateSentBefore: Date; limit: number}) => {
    asked.count += 1;
    asked.addresses.add(query.to);
    if (query.to !== ours) return [];
    const within = messages.filter(one => one.dateSent >= query.dateSentAfter && one.dateSent <= query.dateSentBefore);
    return within.toReversed().slice(0, query.limit);
  };
  const listFiles = async () => {
    asked.files += 1;
    return [];
  };
  const seen = new Set<string>();
  const clock = {now: end};
  const failing = {at: options.failAt};
  const recovery = createRecovery({
    client: {messages: Object.assign(() => ({media: {list: listFiles}}), {list})} as never,
    settings: {
      enabled: true,
      every: 1000,
      lookBack: 3_600_000,
      pageSize: options.pageSize ?? 10,
      requests: options.requests,
    },
    apiUrl: '',
    seen,
    context: {
      name: 'main',
      now: () => clock.now,
      noise: () => 0,
      addresses: () => [...others, ours],
      log: {debug() {}, info() {}, warn() {}, error() {}},
      events: {
        async inbound(event: {text: string; carrierMessageId: string}) {
          if (Number(event.text) === failing.at) throw new Error('disk full');
          texts.push(event.text);
          await options.onText?.();
          seen.add(event.carrierMessageId);
          return 'stored';
        },
      },
    } as never,
  });
  return {recovery, texts, asked, failing, clock};
}

test('spends no more requests than its budget in one round, and goes on in the next', async t => {
  const {recovery, texts, asked} = startAlone({count: 100, requests: 20});
  await recovery.run();
  t.true(asked.count <= 20);
  t.true(texts.length < 100);
  for (let round = 0; round < 20 && texts.length < 100; round += 1) await recovery.run();
  t.deepEqual(
    texts.map(Number),
    Array.from({length: 100}, (_, index) => index),
  );
});

test('what asks for files counts too, and each is asked for once', async t => {
  const {recovery, texts, asked} = startAlone({count: 100, requests: 20, numMedia: '1', pageSize: 1000});
  await recovery.run();
  t.is(asked.count + asked.files, 20);
  for (let round = 0; round < 40 && texts.length < 100; round += 1) await recovery.run();
  t.deepEqual(
    texts.map(Number),
    Array.from({length: 100}, (_, index) => index),
  );
  t.is(asked.files, 100);
});

test('a stop ends it after the text that is being taken in', async t => {
  const begun = Promise.withResolvers<void>();
  const {promise: mayGoOn, resolve: goOn} = Promise.withResolvers<void>();
  const onText = () => {
    begun.resolve();
    return mayGoOn;
  };
  const {recovery, texts, asked} = startAlone({count: 5, requests: 20, numMedia: '1', onText});
  const running = recovery.run();
  await begun.promise;
  const stopped = recovery.stop();
  goOn();
  await Promise.all([running, stopped]);
  t.deepEqual(texts, ['0']);
  t.is(asked.files, 1);
});

test('comes to every number, however many there are', async t => {
  const {recovery, asked, clock} = startAlone({count: 1, requests: 20, others: 50});
  for (let round = 0; round < 3; round += 1) {
    await recovery.run();
    clock.now += 300_000;
  }
  t.is(asked.addresses.size, 51);
});

test('a number with many texts has them all taken in, though the others leave it one request', async t => {
  const {recovery, texts, clock} = startAlone({count: 100, requests: 20, others: 19});
  for (let round = 0; round < 20 && texts.length < 100; round += 1) {
    await recovery.run();
    clock.now += 1000;
  }
  t.deepEqual(
    texts.map(Number),
    Array.from({length: 100}, (_, index) => index),
  );
});

test('begins again where the store could not take a text', async t => {
  const {recovery, texts, failing} = startAlone({count: 30, requests: 100, failAt: 17});
  await recovery.run();
  t.is(texts.length, 17);
  failing.at = undefined;
  await recovery.run();
  t.deepEqual(
    texts.map(Number),
    Array.from({length: 30}, (_, index) => index),
  );
});

test('does not keep a stop waiting for an answer', async t => {
  const there = await stage(t, {realClock: true, addresses: [ours]});
  there.pretend.failLists({kind: 'silence'});
  await there.carrier.start();
  await until('it has asked', () => there.pretend.lists.asked > 0);
  await there.carrier.stop();
  t.true(there.log.some(line => line.startsWith('warn twilio.recovery_failed')));
});

test('one number Twilio will not list does not keep the others', async t => {
  const there = await stage(t, {realClock: true, addresses: ['+15005550001', ours]});
  there.pretend.failLists({kind: 'answer', status: 400, code: 21211});
  await there.pretend.sendFromPhone({
    webhookUrl,
    lost: true,
    from: phone,
    to: ours,
    text: 'here',
    at: Date.now() - 60_000,
  });
  await there.carrier.start();
  await until('the other', () => there.inbound.length === 1);
  t.is(there.inbound[0]?.text, 'here');
});
