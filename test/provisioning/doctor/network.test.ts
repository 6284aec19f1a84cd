import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import test from 'ava';
import {lookAtParties} from '../../../provisioning/doctor/network.ts';

const nobody = {platforms: new Map(), carriers: new Map(), now: () => 0, close: async () => {}};

async function look(store: string): Promise<string> {
  const {findings} = await lookAtParties({publicUrl: undefined, store} as Parameters<typeof lookAtParties>[0], nobody);
  return findings.map(({code}) => code).join(' ');
}

test('a database server is connected to', async t => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const {port} = server.address() as AddressInfo;
  t.is(await look(`postgres://user:password@127.0.0.1:${port}/gateway`), 'reached clock_unread');
});

test('an address of version 6 is an address and no name', async t => {
  t.notRegex(await look('postgres://user:password@[::1]:1/gateway'), /dns_unresolved/);
});

test('a socket of this machine is no name either', async t => {
  t.is(await look('postgres://user:password@%2Fvar%2Frun%2Fpostgresql/gateway'), 'clock_unread');
});
