import test, {type ExecutionContext} from 'ava';
import {made} from '../../../src/sandbox/peers.ts';
import type {Behaviour, CreateFault} from '../../../src/sandbox/twilio.ts';
import {until} from '../../helpers/until.ts';
import {startWorld, type World} from '../../helpers/world.ts';

/** Whole stories between Nexus, the gateway and a Twilio that misbehaves. */

const phone = '+14155550123';

async function start(t: ExecutionContext): Promise<World & {text(words: string): Promise<string>}> {
  const world = await startWorld(t, {peers: {twilio: {statusDelayMs: 5}}});
  return {...world, text: words => world.send({channel: made.twilioChannel, to: phone, text: words})};
}

/** What Nexus was told of a message. */
function told(world: World, messageId: string): unknown[] {
  return world.peers.nexus.receipts
    .flatMap(post => post.messages)
    .filter(one => (one as {id?: string}).id === messageId);
}

const sameEnd = test.macro({
  exec: async (t, fault: CreateFault | undefined, behaviour: Partial<Behaviour>) => {
    const world = await start(t);
    world.peers.twilio.behave(behaviour);
    if (fault !== undefined) world.peers.twilio.fail(fault);
    const first = await world.text('first');
    const second = await world.text('second');
    await world.reaches(first, 'delivered');
    await world.reaches(second, 'delivered');
    await until('both receipts', () => told(world, first).length > 0 && told(world, second).length > 0);
    t.deepEqual(
      world.peers.twilio.messages.map(message => message.Body),
      ['first', 'second'],
    );
    t.is(told(world, first).length, 1);
    t.is(told(world, second).length, 1);
  },
  title: (title = '') => `each text is sent once and told once ${title}`,
});

test.serial('when nothing goes wrong', sameEnd, undefined, {});
test.serial('when an answer is lost after the text was taken', sameEnd, {kind: 'lost-answer'}, {});
test.serial('when the answer breaks off', sameEnd, {kind: 'cut-answer'}, {});
test.serial('when the answer can not be read', sameEnd, {kind: 'garbled-answer'}, {});
test.serial('when the answer is slow', sameEnd, {kind: 'slow', ms: 300}, {});
test.serial('when all callbacks come before the answer', sameEnd, undefined, {callbacks: 'early'});
test.serial('when callbacks come in reversed order', sameEnd, undefined, {callbacks: 'reversed'});
test.serial('when callbacks come twice', sameEnd, undefined, {callbacks: 'doubled'});
test.serial('when all callbacks but the last are dropped', sameEnd, undefined, {callbacks: 'dropped'});
test.serial(
  'when the answer is lost and callbacks are reversed',
  sameEnd,
  {kind: 'lost-answer'},
  {callbacks: 'reversed'},
);
test.serial('when it is throttled', sameEnd, {kind: 'answer', status: 429, code: 20429}, {});
test(
  'when it is throttled and told how long',
  sameEnd,
  {kind: 'answer', status: 429, code: 20429, retryAfter: '1'},
  {},
);

test.serial('a storm of 429 loses nothing and sends nothing twice', async t => {
  const world = await start(t);
  const storm = Array.from({length: 4}, (): CreateFault => ({kind: 'answer', status: 429, code: 20429}));
  world.peers.twilio.fail(...storm);
  const sent = await Promise.all(
    Array.from({length: 5}, (_, index) =>
      world.send({channel: made.twilioChannel, to: `+1415555010${index}`, text: `${index}`}),
    ),
  );
  for (const messageId of sent) await world.reaches(messageId, 'delivered', 40_000);
  t.deepEqual(world.peers.twilio.messages.map(message => message.Body).sort(), ['0', '1', '2', '3', '4']);
});

test.serial('a text whose fate nobody tells is held, and the next one passes', async t => {
  const world = await start(t);
  world.peers.twilio.behave({callbacks: 'none'});
  world.peers.twilio.fail({kind: 'lost-answer'});
  const held = await world.text('held');
  await world.reaches(held, 'unknown');
  world.peers.twilio.behave({callbacks: 'normal'});
  const next = await world.text('next');
  await world.reaches(next, 'delivered');
  t.is((await world.message(held)).state, 'unknown');
  t.is(world.peers.twilio.messages.length, 2);
  t.is(told(world, held).length, 0);
});

test.serial('a text after a 500 is not sent again by itself', async t => {
  const world = await start(t);
  world.peers.twilio.fail({kind: 'answer', status: 500, code: 20500});
  const messageId = await world.text('perhaps');
  await world.reaches(messageId, 'unknown');
  await world.reaches(await world.text('next'), 'delivered');
  t.deepEqual(
    world.peers.twilio.messages.map(message => message.Body),
    ['next'],
  );
});

test.serial('a refused text fails with the reason Nexus knows', async t => {
  const world = await start(t);
  world.peers.twilio.fail({
    kind: 'answer',
    status: 400,
    code: 21610,
    message: 'Attempt to send to unsubscribed recipient',
  });
  const messageId = await world.text('no');
  t.like(await world.reaches(messageId, 'failed'), {reason: {code: 'RecipientOptedOut'}});
  await until('the receipt', () => told(world, messageId).length === 1);
  t.like(told(world, messageId)[0], {status: 'Failed', reasons: [{code: 'RecipientOptedOut'}]});
});

test.serial('an undelivered text fails with the reason Nexus knows', async t => {
  const world = await start(t);
  world.peers.twilio.behave({finalStatus: 'undelivered', errorCode: 30005});
  const messageId = await world.text('nobody there');
  t.like(await world.reaches(messageId, 'failed'), {reason: {code: 'InvalidDestination'}});
});

test.serial('a text that Twilio let expire is expired', async t => {
  const world = await start(t);
  world.peers.twilio.behave({finalStatus: 'failed', errorCode: 30036});
  await world.reaches(await world.text('too late'), 'expired');
  t.pass();
});

test.serial('what Twilio repeats is one inbound text', async t => {
  const world = await start(t);
  const {twilio, nexus} = world.peers;
  const webhookUrl = `${world.front.url}/twilio/twilio-main/inbound`;
  const form = {
    MessageSid: `SM${'e'.repeat(32)}`,
    AccountSid: made.accountSid,
    From: phone,
    To: `+${made.twilioChannel}`,
    Body: 'once',
    NumMedia: '0',
  };
  const answers = await Promise.all([1, 2, 3].map(() => twilio.post(webhookUrl, form)));
  t.true(answers.every(answer => answer.status === 200));
  t.is((await twilio.post(webhookUrl, {...form, MessageSid: `SM${'f'.repeat(32)}`, Body: 'last'})).status, 200);
  await until('the last text', () => nexus.messages.length >= 2);
  t.is(nexus.messages.length, 2);
});

test.serial(
  'a thousand texts that came while the gateway was down are fetched in small pages, each once, in order',
  async t => {
    const world = await startWorld(t, {
      peers: {twilio: {statusDelayMs: 5}},
      more: {twilio: '    recovery: {pageSize: 100}'},
    });
    const {twilio, nexus} = world.peers;
    await world.stopGateway();
    const begin = Date.now() - 3_600_000;
    const to = `+${made.twilioChannel}`;
    for (let index = 0; index < 1000; index += 1) {
      const missed = {webhookUrl: '', lost: true, to, text: `missed ${index}`, at: begin + index * 2000};
      await twilio.sendFromPhone({...missed, from: `+1415555${1000 + (index % 20)}`});
    }
    await world.restart();
    await until('all of them', () => nexus.messages.length >= 1000, 50_000);
    const came = nexus.messages.flatMap(post => post.messages) as Array<{text: string; channel: {from: {id: string}}}>;
    t.is(new Set(came.map(({text}) => text)).size, 1000);
    for (const [from, texts] of Map.groupBy(came, ({channel}) => channel.from.id)) {
      const numbers = texts.map(({text}) => Number(text.slice('missed '.length)));
      t.deepEqual(
        numbers,
        numbers.toSorted((one, other) => one - other),
        from,
      );
    }
    await world.restart();
    await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: 'later'}), 'delivered');
    t.is(nexus.messages.length, 1000);
  },
);

test.serial('of equal texts, one told of and two unknown, one message at Twilio is the end of one of them', async t => {
  let skippedMs = 0;
  const world = await startWorld(t, {peers: {twilio: {statusDelayMs: 5}}, now: () => Date.now() + skippedMs});
  const send = () => world.send({channel: made.twilioChannel, to: phone, text: 'the same'});
  const {twilio} = world.peers;
  const taken = await send();
  await world.reaches(taken, 'delivered');
  twilio.behave({callbacks: 'none', finalStatus: 'undelivered', errorCode: 30005});
  twilio.fail({kind: 'lost-answer'});
  const lost = await send();
  await world.reaches(lost, 'unknown');
  twilio.fail({kind: 'reset'});
  const never = await send();
  await world.reaches(never, 'unknown');
  skippedMs = 61_000;
  // Nobody can tell which of the two arrived: it is told of one of them.
  const states = async () => [(await world.message(lost)).state, (await world.message(never)).state].sort();
  await until('one is found', async () => (await states()).includes('failed'));
  t.deepEqual(await states(), ['failed', 'unknown']);
  t.is((await world.message(taken)).state, 'delivered');
  t.is(twilio.messages.length, 2);
});

test.serial('the auth token changes with traffic both ways: not one callback is refused', async t => {
  const tokens = `authTokens: [${made.authToken}, the-next-token]`;
  const more = {twilio: '    messagesPerSecond: 100'};
  const world = await startWorld(t, {
    peers: {twilio: {statusDelayMs: 20}},
    more,
    edit: file =>
      file
        .replace(`authTokens: [${made.authToken}]`, tokens)
        .replace('carriers: [twilio-main]', 'carriers: [{carrier: twilio-main, messagesPerSecond: 50}]'),
  });
  const {twilio, nexus} = world.peers;
  const webhookUrl = `${world.front.url}/twilio/twilio-main/inbound`;
  const sent: string[] = [];
  const answers: number[] = [];
  for (let index = 0; index < 30; index += 1) {
    if (index === 15) twilio.rotate('the-next-token');
    sent.push(await world.send({channel: made.twilioChannel, to: `+1415555${2000 + index}`, text: `${index}`}));
    const text = {webhookUrl, from: phone, to: `+${made.twilioChannel}`, text: `in ${index}`};
    answers.push((await twilio.sendFromPhone(text)).status);
  }
  for (const messageId of sent) await world.reaches(messageId, 'delivered');
  t.true(answers.every(status => status === 200));
  await until('all from the phone', () => nexus.messages.length === 30);
  t.false(world.lines.some(line => line.includes('twilio.bad_signature')));
});

test.serial(
  'a file that leads into our own network is not fetched, and its text reaches Nexus all the same',
  async t => {
    const world = await start(t);
    const {twilio, nexus} = world.peers;
    const form = {
      MessageSid: `MM${'e'.repeat(32)}`,
      AccountSid: made.accountSid,
      From: phone,
      To: `+${made.twilioChannel}`,
      Body: 'look at this',
      NumMedia: '1',
      MediaUrl0: 'https://169.254.169.254/latest/meta-data/',
      MediaContentType0: 'image/png',
    };
    t.is((await twilio.post(`${world.front.url}/twilio/twilio-main/inbound`, form)).status, 200);
    const post = await until('the post', () => nexus.messages[0]);
    t.regex(JSON.stringify(post.messages), /look at this/);
    t.notRegex(JSON.stringify(post.messages), /169\.254/);
  },
);

test.serial('an answer to another number of the pool reaches Nexus', async t => {
  const serviceSid = `MG${'5'.repeat(32)}`;
  const world = await startWorld(t, {
    peers: {twilio: {statusDelayMs: 5}},
    edit: file =>
      file.replace(
        'carriers: [twilio-main]',
        `carriers: [{carrier: twilio-main, messagingServiceSid: ${serviceSid}, anySender: true}]`,
      ),
  });
  const {twilio, nexus} = world.peers;
  await world.reaches(await world.send({channel: made.twilioChannel, to: phone, text: 'hello'}), 'delivered');
  t.like(twilio.messages, [{From: undefined, MessagingServiceSid: serviceSid}]);
  const form = {
    MessageSid: `SM${'e'.repeat(32)}`,
    AccountSid: made.accountSid,
    From: phone,
    To: '+15005550077',
    MessagingServiceSid: serviceSid,
    Body: 'I am here',
  };
  t.is((await twilio.post(`${world.front.url}/twilio/twilio-main/inbound`, form)).status, 200);
  const post = await until('the post', () => nexus.messages[0]);
  t.regex(JSON.stringify(post.messages), /I am here/);
  t.regex(JSON.stringify(post), new RegExp(made.twilioChannel));
});

test.serial('a picture from a phone reaches Nexus', async t => {
  const world = await start(t);
  const {twilio, nexus} = world.peers;
  const answer = await twilio.sendFromPhone({
    webhookUrl: `${world.front.url}/twilio/twilio-main/inbound`,
    from: phone,
    to: `+${made.twilioChannel}`,
    text: 'look',
    media: [{contentType: 'image/png', body: Buffer.from('a picture')}],
  });
  t.is(answer.status, 200);
  const post = await until('the post', () => nexus.messages[0]);
  t.regex(JSON.stringify(post.messages), /genesys:\/\/nexus\//);
});
