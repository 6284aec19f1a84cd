import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const to = '+14155550123';
const short = {twilio: '    responseTimeout: 300ms'};

/** A world whose clock can be put forward. */
async function startLater(
  t: Parameters<typeof startWorld>[0],
  edit?: (file: string) => string,
  more: Partial<typeof short> = short,
) {
  let skippedMs = 0;
  const world = await startWorld(t, {more, now: () => Date.now() + skippedMs, ...(edit ? {edit} : {})});
  return {
    world,
    later(ms: number) {
      skippedMs += ms;
    },
  };
}

test('a text Twilio took without answering, and without callbacks, is found by asking and not sent again', async t => {
  const {world, later} = await startLater(t);
  const {twilio} = world.peers;
  twilio.behave({callbacks: 'none'});
  twilio.fail({kind: 'lost-answer'});
  const messageId = await world.send({channel: made.twilioChannel, to, text: 'asked for'});
  await world.reaches(messageId, 'unknown');
  later(61_000);
  const record = await world.reaches(messageId, 'delivered');
  t.true(record.events.some(({event}) => event === 'looked_up'));
  t.is(twilio.messages.filter(({Body}) => Body === 'asked for').length, 1);
});

test('a text that may go again is not sent again while Twilio can not say whether it has it', async t => {
  const retrying = (file: string) =>
    file.replace('carriers: [twilio-main]', 'unknown: retry\n    carriers: [twilio-main]');
  const {world, later} = await startLater(t, retrying);
  const {twilio} = world.peers;
  twilio.behave({callbacks: 'none'});
  twilio.fail({kind: 'lost-answer'});
  twilio.failLists({kind: 'answer', status: 503}, {kind: 'lost-answer'});
  const messageId = await world.send({channel: made.twilioChannel, to, text: 'once'});
  await world.reaches(messageId, 'unknown');
  later(61_000);
  const record = await until('it is found', async () => {
    const {state, events} = await world.message(messageId);
    if (state === 'delivered') return {events};
    later(1000);
    return undefined;
  });
  t.is(world.lines.filter(line => line.includes('twilio.look_up_failed')).length, 2);
  t.true(record.events.some(({event}) => event === 'looked_up'));
  t.is(twilio.messages.length, 1);
});

test('a text whose callbacks all were lost is asked about a quarter of an hour later, over a restart', async t => {
  const {world, later} = await startLater(t, undefined, {});
  const {twilio, nexus} = world.peers;
  twilio.behave({callbacks: 'none'});
  const messageId = await world.send({channel: made.twilioChannel, to, text: 'no callback'});
  await world.reaches(messageId, 'sent');
  await world.restart();
  later(900_000);
  const record = await world.reaches(messageId, 'delivered');
  t.true(record.events.some(({event}) => event === 'looked_up'));
  await until('the receipt', () => nexus.receipts.length > 0);
  t.is(twilio.messages.length, 1);
});

test('a text the phone could not be reached for is sent again where that is wanted, and told of once', async t => {
  const more = {twilio: '    resend: {times: 1, after: 2m}'};
  const {world, later} = await startLater(t, undefined, more);
  const {twilio, nexus} = world.peers;
  twilio.behave({finalStatus: 'undelivered', errorCode: 30003});
  const messageId = await world.send({channel: made.twilioChannel, to, text: 'once more'});
  const failed = async () => (await world.message(messageId)).events.some(({event}) => event === 'send_again');
  await until('the failure', failed);
  t.is(nexus.receipts.length, 0);
  twilio.behave({finalStatus: 'delivered', errorCode: undefined});
  later(121_000);
  await world.reaches(messageId, 'delivered');
  await until('the receipt', () => nexus.receipts.length > 0);
  t.deepEqual(
    nexus.receipts.flatMap(({messages}) => messages.map(message => (message as {status: string}).status)),
    ['Delivered'],
  );
  t.deepEqual(
    twilio.messages.map(({Body, status}) => [Body, status]),
    [
      ['once more', 'undelivered'],
      ['once more', 'delivered'],
    ],
  );
});

test('unless it is wanted no text is sent again, and the reason is told at once', async t => {
  const {world} = await startLater(t, undefined, {});
  world.peers.twilio.behave({finalStatus: 'undelivered', errorCode: 30003});
  const messageId = await world.send({channel: made.twilioChannel, to, text: 'not again'});
  t.like(await world.reaches(messageId, 'failed'), {reason: {code: 'GeneralError'}});
  t.is(world.peers.twilio.messages.length, 1);
});
