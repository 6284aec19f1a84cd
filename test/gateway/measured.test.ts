import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

async function readMetrics(world: World): Promise<string> {
  const url = `http://127.0.0.1:${world.gateway().managementPort}/metrics`;
  const answer = await fetch(url, {headers: {authorization: `Bearer ${made.token}`}});
  return answer.text();
}

function countOf(metrics: string, name: string, labels = ''): number {
  const line = metrics.split('\n').find(text => text.startsWith(`nexus_gateway_${name}${labels} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

test('measures a text from the webhook to the receipt, and one from a phone to Nexus', async t => {
  const world = await startWorld(t);
  await world.reaches(await world.send({to: '14155550123', text: 'hello'}), 'delivered');
  await world.peers.smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'hi'});
  const metrics = await until('both to be posted', async () => {
    const text = await readMetrics(world);
    const posted = ['receipt', 'inbound'].map(kind =>
      countOf(text, 'post_seconds_count', `{platform="acme",kind="${kind}",outcome="taken"}`),
    );
    return posted.every(count => count === 1) ? text : undefined;
  });
  const counts: readonly (readonly [string, string])[] = [
    ['http_answer_seconds_count', '{route="/nexus/webhook/:platform/:channel",status="200"}'],
    ['accepted_total', '{direction="outbound",platform="acme",result="stored"}'],
    ['accepted_total', '{direction="inbound",platform="acme",result="stored"}'],
    ['accepted_to_submitted_seconds_count', '{carrier="smsc-a",priority="interactive"}'],
    ['submit_to_response_seconds_count', '{carrier="smsc-a",outcome="taken"}'],
    ['submit_to_receipt_seconds_count', '{platform="acme"}'],
    ['receipt_to_posted_seconds_count', '{platform="acme"}'],
    ['inbound_to_posted_seconds_count', '{platform="acme"}'],
  ];
  for (const [name, labels] of counts) t.is(countOf(metrics, name, labels), 1, name);
  t.true(countOf(metrics, 'store_group_calls_sum') >= countOf(metrics, 'store_commit_seconds_count'));
  t.true(countOf(metrics, 'store_commit_seconds_count') > 3);
  t.notRegex(metrics, /4155550123/);
});

test('measures what ends badly, and names no phone or path in a label', async t => {
  const world = await startWorld(t);
  world.peers.smsc.faults.next.push({status: 0x0b});
  await world.reaches(await world.send({to: '14155550123', text: 'hello'}), 'failed');
  await fetch(`${world.front.url}/wp-login.php?phone=14155550123`);
  const metrics = await readMetrics(world);
  t.is(countOf(metrics, 'ended_badly_total', '{carrier="smsc-a",state="failed"}'), 1);
  t.is(countOf(metrics, 'http_answer_seconds_count', '{route="",status="404"}'), 1);
  t.notRegex(metrics, /4155550123|wp-login/);
});
