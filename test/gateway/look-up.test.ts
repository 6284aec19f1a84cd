import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {startWorld} from '../helpers/world.ts';

const to = '+14155550123';
const short = {twilio: '    responseTimeout: 300ms'};

/** A world whose clock can be put forward. */
async function startLater(t: Parameters<typeof startWorld>[0], edit?: (file: string) => string) {
  let skippedMs = 0;
  const world = await startWorld(t, {more: short, now: () => Date.now() + skippedMs, ...(edit ? {edit} : {})});
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
