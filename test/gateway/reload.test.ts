import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {createPretendSmsc, type SmscEvent} from '../../src/sandbox/smsc.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const fast = '    messagesPerSecond: 500';
/** Our phones and agents answer each other without a pause. */
const lively = {smsc: fast, smppChannel: '    loopGuard: {enabled: false}'};
const threeBinds = (file: string) => file.replace('binds: 1', 'binds: 3');

interface Reloaded {
  applied: boolean;
  mistakes: string[];
  changes: string[];
  needsRestart: string[];
}

async function reload(world: World, edit: (file: string) => string): Promise<Reloaded> {
  world.rewrite(edit);
  const {body} = await world.api('/api/reload', {});
  return body as unknown as Reloaded;
}

async function leavingOf(world: World) {
  const {body} = await world.api('/api/reload');
  return body.leaving as Array<{channel: string; carrier?: string; waiting: number}>;
}

/** Texts both ways, one after the other for each phone, until told to stop. */
function startTraffic(world: World, count = 4) {
  const {smsc} = world.peers;
  const ids: string[] = [];
  const inbound: string[] = [];
  let going = true;
  const phones = Array.from({length: count}, (_, index) => `1415555030${index}`);

  /** A bind that is just closing takes nothing more (0x64), and an SMSC comes again. */
  async function deliver(from: string, text: string): Promise<void> {
    let [answer] = await smsc.sendFromPhone({from, to: made.smppChannel, text});
    while (answer === 0x64) [answer] = await smsc.sendFromPhone({from, to: made.smppChannel, text});
    if (answer !== 0) throw new Error(`${text} was answered ${answer}`);
  }

  const agents = phones.map(async (phone, index) => {
    for (let round = 0; going; round += 1) {
      ids.push(await world.send({to: `+${phone}`, text: `out ${index} ${round}`}));
      const text = `in ${index} ${round}`;
      inbound.push(text);
      await deliver(phone, text);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  });
  return {
    ids,
    more: (what: string) => {
      const before = ids.length;
      return until(what, () => ids.length >= before + 15);
    },
    /** Every text out once at its phone, in order, delivered and told once; every text in once at Nexus, in order. */
    async end() {
      going = false;
      await Promise.all(agents);
      for (const id of ids) await world.reaches(id, 'delivered');
      const {nexus} = world.peers;
      await until('every text at Nexus', () => postedTexts(world).length >= inbound.length);
      await until('every receipt', () => nexus.receipts.filter(({accepted}) => accepted).length >= ids.length);
      const lanes = phones.map((phone, index) => ({
        out: smsc.phones.filter(({to}) => to === phone).map(({text}) => text),
        in: postedTexts(world).filter(text => text.startsWith(`in ${index} `)),
      }));
      const counted = lanes.map((lane, index) => ({
        out: lane.out.map((_, round) => `out ${index} ${round}`),
        in: lane.in.map((_, round) => `in ${index} ${round}`),
      }));
      const receipts = nexus.receipts.filter(({accepted}) => accepted).length;
      return {lanes, counted, out: smsc.phones.length, in: postedTexts(world).length, receipts, wanted: ids.length};
    },
  };
}

function postedTexts({peers}: World): string[] {
  const posts = peers.nexus.messages.filter(({accepted}) => accepted);
  return posts.flatMap(({messages}) => messages.map(message => (message as {text: string}).text));
}

function idsOf(world: World): number[] {
  return world.peers.smsc.sessions().map(({id}) => id);
}

test('secrets and a rate are taken over under load: nothing lost, doubled or out of order, and no bind is touched', async t => {
  const world = await startWorld(t, {more: lively, edit: threeBinds});
  const {nexus} = world.peers;
  await until('three binds', () => idsOf(world).length === 3);
  const before = idsOf(world);
  const traffic = startTraffic(world);
  await traffic.more('traffic');

  const both = await reload(world, file =>
    file
      .replaceAll(`webhookSecret: ${made.webhookSecret}`, `webhookSecret: [${made.webhookSecret}, new-webhook-secret]`)
      .replaceAll(`apiSecret: ${made.apiSecret}`, `apiSecret: [${made.apiSecret}, new-api-secret]`),
  );
  t.like(both, {applied: true, mistakes: []});
  t.true(both.changes.includes(`channel acme ${made.smppChannel} changed (webhookSecrets, apiSecrets)`));
  await traffic.more('traffic with two secrets');
  nexus.setSecrets(made.smppChannel, {webhookSecret: 'new-webhook-secret', apiSecret: 'new-api-secret'});
  await traffic.more('traffic with the new secrets');
  const rate = await reload(world, file =>
    file
      .replaceAll(`[${made.webhookSecret}, new-webhook-secret]`, 'new-webhook-secret')
      .replaceAll(`[${made.apiSecret}, new-api-secret]`, 'new-api-secret')
      .replace('messagesPerSecond: 500', 'messagesPerSecond: 100'),
  );
  t.true(rate.changes.includes('carrier smsc-a changed (messagesPerSecond)'));
  const {body} = await world.api('/api/carriers');
  t.like((body.carriers as object[])[0], {pace: {limit: 100}});
  await traffic.more('traffic at the new rate');

  const {lanes, counted, ...sums} = await traffic.end();
  t.deepEqual(lanes, counted);
  t.deepEqual([sums.out, sums.in, sums.receipts], [sums.wanted, sums.wanted, sums.wanted]);
  t.deepEqual(idsOf(world), before);
  t.false(world.lines.some(line => /"queue\.parked"|"nexus\.webhook\.refused"|"bind\.lost"/.test(line)));
});

test('a changed bind setting goes bind by bind, never more of them than allowed, with texts going on', async t => {
  const bound = new Set<number>();
  const counts: number[] = [];
  function onEvent(event: SmscEvent): void {
    if (event.event === 'bound') counts.push(bound.add(event.session).size);
    if (event.event === 'closed') bound.delete(event.session);
  }
  const world = await startWorld(t, {more: lively, edit: threeBinds, peers: {smsc: {onEvent}}});
  await until('three binds', () => idsOf(world).length === 3);
  const before = idsOf(world);
  const traffic = startTraffic(world);
  await traffic.more('traffic');
  const {changes} = await reload(world, file => file.replace('binds: 3', 'binds: 3\n    systemType: cp'));
  t.deepEqual(changes, ['carrier smsc-a changed (systemType)']);
  await until('other binds', () => idsOf(world).length === 3 && idsOf(world).every(id => !before.includes(id)));
  const {lanes, counted, ...sums} = await traffic.end();
  t.deepEqual(lanes, counted);
  t.deepEqual([sums.out, sums.in, sums.receipts], [sums.wanted, sums.wanted, sums.wanted]);
  t.true(Math.max(...counts) <= 3);
  t.is(counts.length, 6);
});

test('a wrong password costs one bind: the others stay, and the right one brings it back', async t => {
  const world = await startWorld(t, {more: {smsc: fast}, edit: threeBinds});
  await until('three binds', () => idsOf(world).length === 3);
  const before = idsOf(world);
  const password = (from: string, to: string) => (file: string) => file.replace(`password: ${from}`, `password: ${to}`);
  await reload(world, password(made.password, 'mistyped'));
  await until('the refusal', () => world.lines.some(line => line.includes('"bind.refused"')));
  await world.reaches(await world.send({to: '+14155550123', text: 'goes on'}), 'delivered');
  t.is(idsOf(world).filter(id => before.includes(id)).length, 2);
  await reload(world, password('mistyped', made.password));
  await until('three binds again', () => idsOf(world).length === 3);
  t.is(idsOf(world).filter(id => before.includes(id)).length, 2, 'two were never touched');
});

test('the number of binds changes without touching those that stay', async t => {
  const world = await startWorld(t, {more: {smsc: fast}, edit: threeBinds});
  await until('three binds', () => idsOf(world).length === 3);
  const before = idsOf(world);
  await reload(world, file => file.replace('binds: 3', 'binds: 4'));
  await until('four binds', () => idsOf(world).length === 4);
  t.true(before.every(id => idsOf(world).includes(id)));
  await reload(world, file => file.replace('binds: 4', 'binds: 2'));
  await until('two binds', () => idsOf(world).length === 2);
  t.true(idsOf(world).every(id => before.includes(id)));
  await world.reaches(await world.send({to: '+14155550123', text: 'two are enough'}), 'delivered');
});

test('a removed channel takes no webhook, sends its backlog, has its receipts posted, and is shown until it is empty', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {smsc, nexus} = world.peers;
  await world.api('/api/pause', {channel: made.smppChannel, reason: 'a backlog'});
  const phones = Array.from({length: 30}, (_, index) => `+1415555${2000 + index}`);
  const ids = await Promise.all(phones.map(to => world.send({to, text: 'before it left'})));
  const removed = await reload(world, file => {
    const [head = '', first = '', ...rest] = file.split(/(?= {2}- id: )/);
    t.true(first.includes(made.smppChannel));
    return head + rest.join('');
  });
  t.true(removed.changes.includes(`channel acme ${made.smppChannel} removed`));
  t.like((await leavingOf(world))[0], {channel: made.smppChannel, waiting: 30});
  const refused = await nexus.sendText({
    webhookUrl: world.webhookUrl(),
    channelId: made.smppChannel,
    to: '+14155550123',
    text: 'too late',
  });
  t.is(refused.status, 404);
  t.regex(JSON.stringify(refused.body), /channel_removed.*was taken out/);
  t.is(smsc.submits.length, 0);
  await world.api('/api/resume', {channel: made.smppChannel});
  for (const id of ids) await world.reaches(id, 'delivered');
  await until('every receipt', () => nexus.receipts.filter(({accepted}) => accepted).length === ids.length);
  await until('the channel to be gone', async () => (await leavingOf(world)).length === 0, 30_000);
  t.is(smsc.phones.length, 30);
  await until('the word of it', () => world.lines.some(line => line.includes('"config.left"')));
  t.is((await world.api('/api/pause', {channel: made.smppChannel, reason: 'nobody'})).status, 404);
});

test('a new carrier takes a channel over at once, the former one finishes its queue and ends', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const other = await createPretendSmsc({systemId: 'other', password: 'other-password'});
  t.teardown(other.stop);
  await world.api('/api/pause', {carrier: 'smsc-a', reason: 'a backlog'});
  const queued = await world.send({to: '+14155550101', text: 'by the former carrier'});
  const {applied} = await reload(world, file =>
    file
      .replace('  smsc-a:\n', '  smsc-b:\n')
      .replace(/port: \d+\n {4}tls: false/, `port: ${other.port}\n    tls: false`)
      .replace(`systemId: ${made.systemId}`, 'systemId: other')
      .replace(`password: ${made.password}`, 'password: other-password')
      .replace('carriers: [smsc-a]', 'carriers: [smsc-b]'),
  );
  t.true(applied);
  const next = await world.send({to: '+14155550102', text: 'by the new carrier'});
  t.is((await world.reaches(next, 'delivered')).carrier, 'smsc-b');
  t.like((await leavingOf(world))[0], {channel: made.smppChannel, carrier: 'smsc-a', waiting: 1});
  await world.api('/api/resume', {carrier: 'smsc-a'});
  t.is((await world.reaches(queued, 'delivered')).carrier, 'smsc-a');
  await until('the former carrier to end', () => idsOf(world).length === 0, 30_000);
  const {body} = await world.api('/api/carriers');
  t.deepEqual((body.carriers as Array<{name: string}>).map(({name}) => name).sort(), ['smsc-b', 'twilio-main']);
  t.is(other.sessions().length, 1);
});

test('an invalid file is refused whole, with the place of each mistake, and told until it is mended', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  await until('a bind', () => idsOf(world).length === 1);
  const before = idsOf(world);
  world.rewrite(file =>
    file.replace('binds: 1', 'binds: many').replace('messagesPerSecond: 500', 'messagesPerSecond: 1'),
  );
  const {status, body} = await world.api('/api/reload', {});
  t.is(status, 422);
  t.is((body.mistakes as string[]).length, 1);
  t.regex((body.mistakes as string[])[0] ?? '', /gateway\.yaml:\d+ carriers\.smsc-a\.binds: must be a number\./);
  t.like((await world.api('/api/reload')).body, {successful: false, by: 'sandbox'});
  t.regex(await metricsOf(world), /nexus_gateway_config_last_reload_successful 0/);
  t.true(world.lines.some(line => line.includes('"config.reload_refused"')));
  await world.reaches(await world.send({to: '+14155550123', text: 'as before'}), 'delivered');
  t.like(((await world.api('/api/carriers')).body.carriers as object[])[0], {pace: {limit: 500}});
  const mended = await reload(world, file => file.replace('binds: many', 'binds: 1'));
  t.deepEqual(mended.changes, ['carrier smsc-a changed (messagesPerSecond)']);
  t.regex(await metricsOf(world), /nexus_gateway_config_last_reload_successful 1/);
  t.deepEqual(idsOf(world), before);
});

test('a file that ends before its channels takes none of them away', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  world.rewrite(file => file.slice(0, file.indexOf('\nchannels:') + 1));
  const {status, body} = await world.api('/api/reload', {});
  t.is(status, 422);
  t.regex((body.mistakes as string[])[0] ?? '', /no channel/);
  await world.reaches(await world.send({to: '+14155550123', text: 'as before'}), 'delivered');
});

test('what can not change is told by name, and all the rest is taken over', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const told = await reload(world, file =>
    file
      .replace(/port: 0\}/, 'port: 65000}')
      .replace('stopDelay: 1ms', 'stopDelay: 2ms')
      .replace('messagesPerSecond: 500', 'messagesPerSecond: 50'),
  );
  t.deepEqual(told.needsRestart, ['listen.port', 'stopDelayMs']);
  t.deepEqual(told.changes, ['carrier smsc-a changed (messagesPerSecond)']);
  t.true(world.lines.some(line => line.includes('"config.needs_restart"')));
});

test('a channel written into channels.d works as soon as it is reloaded, and a new operator token opens', async t => {
  const world = await startWorld(t, {more: {smsc: fast}});
  const {nexus, smsc} = world.peers;
  const channel = '16504661199';
  const [webhookSecret, apiSecret] = ['brand-new-webhook', 'brand-new-api'];
  mkdirSync(join(world.folder, 'channels.d'));
  writeFileSync(
    join(world.folder, 'channels.d', 'third.yaml'),
    `id: "${channel}"\nplatform: acme\naddress: "+${channel}"\nwebhookSecret: ${webhookSecret}\napiSecret: ${apiSecret}\ncarriers: [smsc-a]\n`,
  );
  const secrets = {webhookSecret: made.webhookSecret, apiSecret: made.apiSecret};
  const present = [made.smppChannel, made.twilioChannel].map(channelId => ({channelId, ...secrets}));
  nexus.setChannels([...present, {channelId: channel, webhookSecret, apiSecret}]);
  const {changes} = await reload(world, file =>
    file.replace('tokens: [', 'tokens: [{name: eve, role: reader, token: another-token}, '),
  );
  t.deepEqual(changes, [`channel acme ${channel} added`, 'setting management.tokens changed']);
  await world.reaches(await world.send({channel, to: '+14155550123', text: 'from the third'}), 'delivered');
  t.is(smsc.submits.at(-1)?.source, channel);
  await smsc.sendFromPhone({from: '14155550123', to: channel, text: 'to the third'});
  await until('it at Nexus', () => postedTexts(world).includes('to the third'));
  const url = `http://127.0.0.1:${world.gateway().managementPort}/api/carriers`;
  t.is((await fetch(url, {headers: {authorization: 'Bearer another-token'}})).status, 200);
});

async function metricsOf(world: World): Promise<string> {
  const url = `http://127.0.0.1:${world.gateway().managementPort}/metrics`;
  return (await fetch(url, {headers: {authorization: `Bearer ${made.token}`}})).text();
}
