import http from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import {authToken, ours, phone, stage, submission, until} from './setup.ts';

test('sends one text by one create and follows it to its receipt', async t => {
  const {carrier, pretend, receipts, publicUrl} = await stage(t);
  const outcome = await carrier.send(submission({text: 'Grüße & 1+1=2 👋', attempt: 3}));
  const [created] = pretend.messages;
  t.like(outcome, {kind: 'taken', carrierMessageId: created?.sid});
  t.like(created, {To: phone, From: ours, Body: 'Grüße & 1+1=2 👋', ValidityPeriod: 600, MediaUrl: []});
  t.is(created?.StatusCallback?.split('#')[0], `${publicUrl}/twilio/main/status?mid=m-1&attempt=3`);
  await until('the receipt', () => receipts.some(receipt => receipt.final));
  t.deepEqual(
    receipts.map(({state, final, messageId, attempt}) => ({state, final, messageId, attempt})),
    [
      {state: 'sent', final: false, messageId: 'm-1', attempt: 3},
      {state: 'sent', final: false, messageId: 'm-1', attempt: 3},
      {state: 'delivered', final: true, messageId: 'm-1', attempt: 3},
    ],
  );
});

test('sends by a Messaging Service, from the named sender or from any', async t => {
  const {carrier, pretend} = await stage(t);
  const service = `MG${'1'.repeat(32)}`;
  const entry = {carrier: 'main', address: ours, senderMayChange: false};
  await carrier.send(submission({entry: {...entry, options: {messagingServiceSid: service}}}));
  await carrier.send(submission({entry: {...entry, options: {messagingServiceSid: service, anySender: true}}}));
  t.deepEqual(
    pretend.messages.map(({From, MessagingServiceSid}) => ({From, MessagingServiceSid})),
    [
      {From: ours, MessagingServiceSid: service},
      {From: undefined, MessagingServiceSid: service},
    ],
  );
});

test('gives Twilio as queue time what is left of sendWithin, within its limits', async t => {
  const {carrier, pretend} = await stage(t);
  for (const sendWithinMs of [1, 7_900, 3_600_000, 1e9]) await carrier.send(submission({sendWithinMs}));
  t.deepEqual(
    pretend.messages.map(message => message.ValidityPeriod),
    [6, 7, 3600, 36_000],
  );
});

test('keeps the prefix of a WhatsApp sender towards Twilio', async t => {
  const {carrier, pretend} = await stage(t);
  const entry = {carrier: 'main', address: `whatsapp:${ours}`, senderMayChange: false, options: {}};
  await carrier.send(submission({entry}));
  t.like(pretend.messages[0], {From: `whatsapp:${ours}`, To: `whatsapp:${phone}`});
});

test('sends a long text as several messages in order, each 1,600 characters at most', async t => {
  const {carrier, pretend} = await stage(t);
  const text = `${'word '.repeat(500)}end 👩‍👩‍👧‍👦`;
  const given = submission({text});
  const plan = carrier.plan(given.outbound, given.entry);
  t.deepEqual(plan, {name: 'twilio', segments: 2, airSegments: [11, 14]});
  await carrier.send(submission({text, segment: 0, attempt: 1}));
  await carrier.send(submission({text, segment: 1, attempt: 2}));
  t.is(pretend.messages.map(message => message.Body).join(''), text);
  t.true(pretend.messages.every(message => message.Body.length <= 1600));
});

test('refuses a long text when it is told so, and what Twilio can not carry', async t => {
  const {carrier} = await stage(t, {settings: {longText: 'refuse'}});
  const {outbound, entry} = submission({text: 'x'.repeat(1601)});
  t.like(carrier.plan(outbound, entry), {kind: 'refused', scope: 'message'});
  t.like(carrier.plan({...outbound, text: ''}, entry), {kind: 'refused'});
  t.like(carrier.plan({...outbound, text: 'x', media: [{url: 'genesys://nexus/1'}]}, entry), {kind: 'refused'});
});

test('calls with an API key when it is given one', async t => {
  const key = {sid: `SK${'b'.repeat(32)}`, secret: 'key-secret'};
  const {carrier, pretend} = await stage(t, {settings: {credentials: key}});
  t.like(await carrier.send(submission()), {kind: 'unavailable', scope: 'queue'});
  pretend.allow(key.sid, key.secret);
  t.like(await carrier.send(submission()), {kind: 'taken'});
});

test('goes on with the next token once Twilio takes the first no more, sending nothing twice', async t => {
  const {carrier, pretend, publicUrl, inbound} = await stage(t, {settings: {authTokens: [authToken, 'token-two']}});
  t.like(await carrier.send(submission()), {kind: 'taken'});
  pretend.rotate('token-two');
  pretend.revoke(authToken);
  const outcomes = await Promise.all([1, 2, 3].map(() => carrier.send(submission())));
  t.true(outcomes.every(({kind}) => kind === 'taken'));
  t.is(pretend.messages.length, 4);
  const media = [{contentType: 'image/png', body: Buffer.from('png')}];
  await pretend.sendFromPhone({webhookUrl: `${publicUrl}/twilio/main/inbound`, from: phone, to: ours, text: '', media});
  const [file = {url: ''}] = inbound[0]?.media ?? [];
  t.like(await carrier.loadMedia?.({media: file, maxBytes: 1000}), {kind: 'loaded'});
  pretend.revoke('token-two');
  t.like(await carrier.send(submission()), {kind: 'unavailable', scope: 'queue'});
});

test('sends by a Content template with the text as its variable', async t => {
  const {carrier, pretend} = await stage(t);
  const contentSid = `HX${'2'.repeat(32)}`;
  const entry = {carrier: 'main', address: `whatsapp:${ours}`, senderMayChange: false, options: {contentSid}};
  await carrier.send(submission({entry, text: 'Your "parcel"'}));
  t.like(pretend.messages[0], {Body: '', ContentSid: contentSid, ContentVariables: '{"1":"Your \\"parcel\\""}'});
});

test('sends media from links of ours', async t => {
  const {carrier, pretend} = await stage(t, {toMediaLink: media => `https://gw.example.com/media/${media.url.length}`});
  const {outbound} = submission();
  const media = [{url: 'genesys://nexus/1'}, {url: 'genesys://nexus/22'}];
  await carrier.send(submission({outbound: {...outbound, media}}));
  t.deepEqual(pretend.messages[0]?.MediaUrl, ['https://gw.example.com/media/17', 'https://gw.example.com/media/18']);
});

test('goes through a proxy when it is given one, and has sent nothing when that is gone', async t => {
  const asked: string[] = [];
  const proxy = http.createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    const {method, headers} = incoming;
    const onward = http.request(incoming.url ?? '', {method, headers, agent: false}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  t.teardown(close);
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const {carrier, pretend} = await stage(t, {settings: {proxy: url}});
  t.like(await carrier.send(submission()), {kind: 'taken'});
  t.is(asked.length, 1);
  close();
  t.not((await carrier.send(submission())).kind, 'taken');
  const other = await stage(t, {settings: {proxy: url}});
  t.like(await other.carrier.send(submission()), {kind: 'unavailable', scope: 'message'});
  t.is(pretend.messages.length, 1);
});
