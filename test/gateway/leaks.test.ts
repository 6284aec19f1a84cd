import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {startCollector} from '../helpers/collector.ts';
import {visit} from '../helpers/console-visitor.ts';
import {createLeakWatch} from '../helpers/leaks.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const phone = '+14155550123';
const texts = ['your parcel is on its way', 'your table is booked', 'this one is refused', 'and this one too'] as const;
const fromPhone = 'a word from the phone';
const traceSecret = 'the-secret-of-the-collector';

test('no secret, text or unmasked phone of a whole day is in logs, metrics, traces, events or what the webhook of events is told', async t => {
  const told: string[] = [];
  const listener = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push(body);
    response.end();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.teardown(() => listener.close());
  const {port} = listener.address() as AddressInfo;
  const block = '    keywords: {mode: both}';
  const collector = await startCollector(t);
  const traces = `traces: {endpoint: "${collector.endpoint}", every: 50ms, headers: {x-key: ${traceSecret}}}`;
  const world = await startWorld(t, {
    more: {top: traces, smppChannel: block, twilioChannel: block},
    edit: file => file.replace('management:\n', `management:\n  eventWebhook: http://127.0.0.1:${port}/\n`),
  });
  const {nexus, smsc, twilio} = world.peers;

  await world.reaches(await world.send({to: phone, text: texts[0]}), 'delivered');
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: texts[1]}), 'delivered');
  smsc.faults.next.push({status: 0x0b});
  const refused = await world.send({to: phone, text: texts[2]});
  await world.reaches(refused, 'failed');
  twilio.fail({kind: 'answer', status: 400, code: 21211, message: `The 'To' number ${phone} is not valid`});
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: texts[3]}), 'failed');
  await smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: fromPhone});
  await smsc.sendFromPhone({from: phone.slice(1), to: '16504660000', text: fromPhone});
  const url = `${world.front.url}/twilio/twilio-main/inbound`;
  await twilio.sendFromPhone({webhookUrl: url, to: `+${made.twilioChannel}`, from: phone, text: fromPhone});
  await smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  const forged = JSON.stringify({messages: [{to: phone, text: texts[0]}]});
  await fetch(world.webhookUrl(), {method: 'POST', body: forged, headers: {'x-hub-signature': 'sha1=00'}});
  await fetch(`${url}?From=${encodeURIComponent(phone)}`, {method: 'POST', body: `Body=${texts[0]}`});
  await until('the texts from the phone', () => nexus.messages.length >= 3);
  await until('the webhook of events', () => told.length > 0);
  await world.api(`/api/messages/${refused}/replay`, {});

  const management = `http://127.0.0.1:${world.gateway().managementPort}`;
  const visitor = await visit({url: management}, made.token);
  const watch = createLeakWatch();
  watch.knowFile(readFileSync(join(world.folder, 'gateway.yaml'), 'utf8'));
  for (const text of [...texts, fromPhone, traceSecret]) watch.knowText(text);
  const pages = [
    '/console/',
    '/console/dead-letters',
    '/console/events',
    '/console/campaigns',
    `/console/messages/${refused}`,
  ];
  for (const path of pages) {
    const page = await visitor.get(path);
    t.is(page.status, 200, path);
    // People may see numbers there, and no text before they ask for it.
    watch.scan(path, page.text.replaceAll(phone, '').replaceAll(phone.slice(1), ''));
  }
  const metrics = await fetch(`${management}/metrics`, {headers: {authorization: `Bearer ${made.token}`}});
  watch.scan('the metrics', await metrics.text());
  watch.scan('the events', (await visitor.get('/console/events')).text);
  for (const body of told) watch.scan('the webhook of events', body);
  for (const line of world.lines) watch.scan('the log', line);
  await world.stopGateway();
  for (const name of ['webhook', 'store', 'send', 'receipt', 'inbound', 'post'])
    t.true(
      collector.spans.some(span => span.name === name),
      name,
    );
  for (const body of collector.bodies) watch.scan('the traces', body);
  t.deepEqual(watch.leaks, []);
  t.true(world.lines.length > 20);
});
