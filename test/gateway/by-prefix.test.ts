import test from 'ava';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const fast = '    messagesPerSecond: 500';
const both = `    carriers: [smsc-a, twilio-main]`;
const edit = (file: string) =>
  file.replace(
    '    carriers: [smsc-a]',
    both.replace('twilio-main', `{carrier: twilio-main, address: "+16504661151", senderMayChange: true}`),
  );

async function sendTo(world: World, to: string): Promise<string> {
  return (await world.reaches(await world.send({to, text: `to ${to}`}), 'delivered')).carrier;
}

test('a text goes by the carrier its number begins with, the longest beginning first', async t => {
  const rules = '[{prefix: "+1", carriers: [twilio-main]}, {prefix: "+1212", carriers: [smsc-a]}]';
  const world = await startWorld(t, {more: {smsc: fast, smppChannel: `    byPrefix: ${rules}`}, edit});
  t.is(await sendTo(world, '+14155550123'), 'twilio-main');
  t.is(await sendTo(world, '+12125550123'), 'smsc-a');
  await world.restart({smsc: fast, smppChannel: '    byPrefix: []'});
  t.is(await sendTo(world, '+14155550123'), 'smsc-a');
});

test('a carrier that is down hands over only what its successor may carry', async t => {
  const rules = '[{prefix: "+1212", carriers: [smsc-a]}]';
  const more = {smsc: fast, smppChannel: `    failoverAfter: 200ms\n    sendWithin: 1h\n    byPrefix: ${rules}`};
  const world = await startWorld(t, {more, edit});
  const {smsc, twilio} = world.peers;
  smsc.faults.refuseBinds = 0x0d;
  smsc.disconnectAll();
  await until('no link', () => smsc.sessions().length === 0);
  const kept = await world.send({to: '+12125550123', text: 'stays'});
  const moved = await world.send({to: '+14155550123', text: 'moves'});
  t.is((await world.reaches(moved, 'delivered')).carrier, 'twilio-main');
  t.deepEqual(
    twilio.messages.map(({Body}) => Body),
    ['moves'],
  );
  smsc.faults.refuseBinds = undefined;
  t.is((await world.reaches(kept, 'delivered', 60_000)).carrier, 'smsc-a');
});
