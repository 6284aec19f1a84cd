import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const smsc = '    messagesPerSecond: 500';
/** Machines that answer each other are what this traffic is, for as long as the secrets change. */
const smppChannel = '    loopGuard: {enabled: false}';
const phones = Array.from({length: 5}, (_, index) => `+1415555030${index}`);

function secretsIn(file: string, {webhook, api}: {webhook: string; api: string}): string {
  return file
    .replaceAll(`webhookSecret: ${made.webhookSecret}`, `webhookSecret: ${webhook}`)
    .replaceAll(`apiSecret: ${made.apiSecret}`, `apiSecret: ${api}`);
}

function acceptedTexts({peers}: World): string[] {
  const posts = peers.nexus.messages.filter(({accepted}) => accepted);
  return posts.flatMap(({messages}) => messages.map(message => (message as {text: string}).text));
}

test('secrets change on both sides while texts go both ways: nothing is refused, nothing is lost, nothing is doubled', async t => {
  const webhook = `[${made.webhookSecret}, new-webhook-secret]`;
  const api = `[${made.apiSecret}, new-api-secret]`;
  const world = await startWorld(t, {more: {smsc, smppChannel}, edit: file => secretsIn(file, {webhook, api})});
  const {nexus, smsc: pretend} = world.peers;
  let going = true;
  const ids: string[] = [];
  const inbound: string[] = [];
  const agents = phones.map(async (to, index) => {
    for (let count = 0; going; count += 1) {
      ids.push(await world.send({to, text: `out ${index} ${count}`}));
      inbound.push(`in ${index} ${count}`);
      t.deepEqual(
        await pretend.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: `in ${index} ${count}`}),
        [0],
      );
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  });
  await until('traffic', () => ids.length > 20 && acceptedTexts(world).length > 20);
  nexus.setSecrets(made.smppChannel, {webhookSecret: 'new-webhook-secret'});
  const half = ids.length;
  await until('traffic with the new webhook secret', () => ids.length > half + 20);
  nexus.setSecrets(made.smppChannel, {apiSecret: 'new-api-secret'});
  const most = acceptedTexts(world).length;
  await until('posts with the new API secret', () => acceptedTexts(world).length > most + 20);
  going = false;
  await Promise.all(agents);
  for (const id of ids) await world.reaches(id, 'delivered');
  await until('every text at Nexus', () => acceptedTexts(world).length === inbound.length);
  await until('every receipt', () => nexus.receipts.filter(({accepted}) => accepted).length === ids.length);
  t.deepEqual(acceptedTexts(world).sort(), [...inbound].sort());
  t.false(world.lines.some(line => line.includes('"queue.parked"')));
});

test('a wrong apiSecret for a while: parked, and then everything is posted in order', async t => {
  let skippedMs = 0;
  const world = await startWorld(t, {more: {smsc}, now: () => Date.now() + skippedMs});
  const {nexus, smsc: pretend} = world.peers;
  nexus.setSecrets(made.smppChannel, {apiSecret: 'nobody-told-us'});
  const texts = Array.from({length: 10}, (_, index) => `text ${index}`);
  for (const text of texts) await pretend.sendFromPhone({from: '14155550123', to: made.smppChannel, text});
  await until('the parking', () => world.lines.some(line => line.includes('"queue.parked"')));
  t.deepEqual(acceptedTexts(world), []);
  nexus.setSecrets(made.smppChannel, {apiSecret: made.apiSecret});
  skippedMs = 31_000;
  await until('all of them', () => acceptedTexts(world).length === texts.length);
  t.deepEqual(acceptedTexts(world), texts);
});
