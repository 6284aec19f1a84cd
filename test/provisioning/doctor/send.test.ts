import test from 'ava';
import {drained, paused} from './planted.ts';
import {smppChannel, startDoctorWorld, twilioChannel} from './world.ts';

const phone = '+14155550123';

test('one text is sent by the running gateway and followed to the receipt Nexus gets', async t => {
  const {doctor, smsc, tenant} = await startDoctorWorld(t);
  const {code, out} = await doctor({args: ['--send', phone]});
  t.is(code, 0, out);
  t.regex(
    out,
    /^message \S+\n(.*\n)*.*accepted.*\n(.*\n)*.*delivered.*\n(.*\n)*.*posted.*\n✓ delivered, and Nexus has the receipt\.\n$/,
  );
  t.is(smsc.submits.length, 1);
  t.is(smsc.submits[0]?.destination, phone.slice(1));
  t.is(tenant.nexus.receipts.length, 1);
  t.false(out.includes('test of our SMS service'));
});

const required = `    contract: {refusalForm: status}
    headers:
      require: [{name: X-Proof, value: [old-proof, new-proof]}]
      channels: {"${smppChannel}": {require: [{name: x-proof, value: new-proof}, {name: x-own, value: own-proof}]}}
`;

test('headers that webhooks must have are sent with every call, as Nexus sends them', async t => {
  const {doctor, file} = await startDoctorWorld(t, made => made.replace('    contract: {}\n', required));
  const found = await doctor();
  t.is(found.code, 0, found.out);
  t.regex(found.out, /"webhook"/);
  const {code, out} = await doctor({args: ['--send', phone]});
  t.is(code, 0, out);
  const strange = await doctor({file: file.replaceAll(smppChannel, '16504661199')});
  t.regex(strange.out, /"webhook_channel"/);
});

test('headers that the running gateway has read otherwise are told', async t => {
  const {doctor, file} = await startDoctorWorld(t, made =>
    made.replace('    contract: {}\n', '    headers: {require: [{name: x-proof, value: running}]}\n'),
  );
  const {code, out} = await doctor({file: file.replace('value: running', 'value: written')});
  t.is(code, 1, out);
  t.regex(out, /"webhook_header"/);
  t.notRegex(out, /"webhook_secret"/);
});

test('the channel can be chosen, and programs read the steps', async t => {
  const {doctor, twilio} = await startDoctorWorld(t);
  const {code, out} = await doctor({args: ['--send', phone, '--channel', twilioChannel, '--json']});
  t.is(code, 0, out);
  t.like(JSON.parse(out), {state: 'delivered', steps: [{event: 'accepted'}]});
  t.is(twilio.messages.length, 1);
});

test('a receipt that does not come is told', async t => {
  const {doctor, smsc} = await startDoctorWorld(t);
  smsc.faults.receipts.delayMs = 600_000;
  const {code, out} = await doctor({args: ['--send', phone, '--wait', '3s']});
  t.is(code, 1);
  t.regex(out, /✗ \w+ after 3\.0 s: the carrier's receipt is not there\. It may still come/);
});

test('a text that has not left is not said to wait for its receipt', async t => {
  const world = await startDoctorWorld(t);
  await paused(world);
  const {code, out} = await world.doctor({args: ['--send', phone, '--wait', '100ms']});
  t.is(code, 1);
  t.regex(out, /✗ accepted after 100 ms: it has not left whole: see what doctor says of the gateway/);
});

test('a drained channel is told by its word, and where to look', async t => {
  const world = await startDoctorWorld(t);
  await drained(world);
  const {code, err} = await world.doctor({args: ['--send', phone]});
  t.is(code, 69);
  t.regex(err, /did not take the text \(503 draining\): what doctor says without --send tells why/);
});

test('a text that failed is not said to wait for its receipt where Nexus does not take ours', async t => {
  const {doctor, smsc, tenant} = await startDoctorWorld(t);
  smsc.faults.next.push({status: 0x0b});
  tenant.nexus.fault({status: 500});
  const {code, out} = await doctor({args: ['--send', phone, '--wait', '3s']});
  t.is(code, 1);
  t.regex(out, /✗ failed after 3\.0 s: Nexus took no receipt within that time: see what doctor says of the platform/);
});

test('a gateway that does not take it is told, and an impossible phone refused', async t => {
  const {doctor, front} = await startDoctorWorld(t);
  t.is((await doctor({args: ['--send', '4155550123']})).code, 64);
  t.is((await doctor({args: ['--send', phone, '--channel', 'none']})).code, 1);
  t.is((await doctor({args: ['--send', phone, '--wait', 'long']})).code, 64);
  front.target(undefined);
  const {code, err} = await doctor({args: ['--send', phone]});
  t.is(code, 69);
  t.regex(err, /did not take the text/);
});

test('for people it is a table: a mark, what it is about, a sentence, and the count', async t => {
  const {doctor, file} = await startDoctorWorld(t);
  const {code, out} = await doctor({args: [], file: file.replace('password: smppword', 'password: somebody')});
  t.is(code, 1);
  t.regex(out, /^✓ {2}file {11}\S+ is right; its channels: 2\.$/m);
  t.regex(out, /^✗ {2}smsc-a .*check password\.$/m);
  t.regex(out, /^\? {2}NexusServices .*--nexus-services/m);
  t.regex(out, /\n1 ✗, 1 \?, \d+ ✓\n$/);
  t.false(out.includes('somebody'));
  t.true(out.includes(smppChannel));
});

test('the transaction NexusServices is read from GAX too', async t => {
  const {doctor, tenant} = await startDoctorWorld(t);
  const env = {GAX_URL: tenant.gax.url, GAX_USER: 'default', GAX_PASSWORD: 'gax-of-the-sandbox'};
  const {code, out} = await doctor({args: ['--json', '--gax'], env});
  t.is(code, 1);
  t.is(out.match(/"section_missing"/g)?.length, 2);
});
