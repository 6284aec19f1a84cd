import test from 'ava';
import {request} from 'undici';
import {toCode} from '../../../provisioning/setup/fault-code.ts';
import {startServices} from '../peers.ts';

test('a call that got no answer in time says so, and no number', async t => {
  const {nexus} = await startServices(t);
  nexus.fault({silence: 'hang'});
  const error = await t.throwsAsync(request(nexus.url, {signal: AbortSignal.timeout(100)}));
  t.is(toCode(error), 'none in time');
});

test('a connection that is refused has its own code', async t => {
  const {nexus} = await startServices(t);
  await nexus.stop();
  t.is(toCode(await t.throwsAsync(request(nexus.url))), 'ECONNREFUSED');
});
