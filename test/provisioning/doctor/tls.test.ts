import type {AddressInfo} from 'node:net';
import tls from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {connect} from '../../../provisioning/doctor/connect.ts';
import {judgeEndpoint} from '../../../provisioning/doctor/endpoint.ts';
import type {EndpointTls} from '../../../src/core/examination.ts';
import {createAuthority} from '../../helpers/certificate.ts';

const authority = createAuthority();
const identity = authority.issue('smsc', ['127.0.0.1']);
const elsewhere = authority.issue('smsc', ['192.0.2.1']);

async function look(t: ExecutionContext, served: tls.TlsOptions, trusted: Omit<EndpointTls, 'servername'>) {
  const server = tls.createServer(served, socket => socket.on('error', () => {}).resume());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const {port} = server.address() as AddressInfo;
  const own = {servername: '127.0.0.1', ...trusted};
  const endpoint = {name: 'carrier smsc-a', host: '127.0.0.1', port, http: false, tls: own};
  return judgeEndpoint(endpoint, await connect(endpoint), Date.parse('2026-11-20T12:00:00Z'));
}

const judges = test.macro({
  async exec(t, served: tls.TlsOptions, trusted: Omit<EndpointTls, 'servername'>, code: string) {
    t.is((await look(t, served, trusted)).code, code);
  },
  title: (title = '', _served, _trusted, code: string) => `${title}: ${code}`,
});

test('a certificate of the authority that is trusted', judges, identity, {ca: authority.cert}, 'reached');
test('a certificate of an authority that is not', judges, identity, {}, 'tls_untrusted');
test('one that need not be verified', judges, identity, {anyCertificate: true}, 'reached');
test('a certificate for another name', judges, elsewhere, {ca: authority.cert}, 'tls_name');
