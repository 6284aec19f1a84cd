import {type AddressInfo, createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {type AdminFault, webPage} from '../../src/sandbox/admin/faults.ts';
import {customGateway, startServices} from './peers.ts';
import {run} from './run.ts';

const values = {...customGateway, gcAPIURL: 'https://api.mypurecloud.com'};

interface Case {
  fault: AdminFault;
  code: number;
  sentence: RegExp;
}

const cases: Record<string, Case> = {
  401: {
    fault: {status: 401, body: {status: {code: 401, message: 'Invalid API key'}}},
    code: 77,
    sentence: /refuses the key in apiKey \(401\)\. It says: Invalid API key\. Check it/,
  },
  403: {fault: {status: 403}, code: 77, sentence: /does not allow this \(403\)/},
  404: {
    fault: {status: 404, body: {status: {code: 404, message: 'Not Found'}}},
    code: 66,
    sentence: /has no POST .* \(404\)\. It says: Not Found\. Check nexusURL and ccid/,
  },
  409: {
    fault: {status: 409, body: {error: {message: 'in use'}}},
    code: 65,
    sentence: /another of this name \(409\)\. It says: in use/,
  },
  400: {
    fault: {status: 400, body: {message: 'no url'}},
    code: 65,
    sentence: /refuses the content \(400\)\. It says: no url/,
  },
  429: {fault: {status: 429}, code: 69, sentence: /asks to wait \(429\)/},
  500: {
    fault: {status: 500, body: {status: {code: 'FAILURE', message: 'database\u001b[31m'}}},
    code: 69,
    sentence: /fails \(500\)\. It says: database \[31m\. Running service-portico\.sh again is safe/,
  },
  '500 with a web page': {
    fault: {...webPage, status: 500},
    code: 69,
    sentence: /fails \(500\)\. It answered with a web page/,
  },
  'a web page': {fault: webPage, code: 76, sentence: /answered by a web page, not by Digital Channels/},
  'a redirect': {
    fault: {status: 302, headers: {location: 'https://login.example.com/'}},
    code: 76,
    sentence: /redirects to https:\/\/login\.example\.com\//,
  },
  nothing: {fault: {silence: 'drop'}, code: 75, sentence: /gave no answer; it may have been done/},
  'silence to the end': {fault: {silence: 'hang'}, code: 75, sentence: /gave no answer; it may have been done/},
};

async function explains(t: ExecutionContext, {fault, code, sentence}: Case) {
  const {nexus, env} = await startServices(t);
  nexus.fault(fault);
  const result = await run(t, 'service-portico.sh', toArgs(fault), {env: {...env, ...values}});
  t.is(result.code, code, result.stderr);
  t.regex(result.stderr, sentence);
  t.is(result.stdout, '');
  t.false(result.stderr.includes(env.apiKey));
}

async function stopsBeforeWriting(t: ExecutionContext, {fault, code}: Case) {
  const {nexus, env} = await startServices(t);
  nexus.fault({...fault, method: 'GET'});
  const result = await run(t, 'service-async.sh', toArgs(fault), {env: {...env, ...values}});
  t.is(result.code, code, result.stderr);
  t.deepEqual(
    nexus.requests.map(({method}) => method),
    ['GET'],
  );
}

/** Only who is never answered waits for less than the default: on a busy machine a second is short. */
function toArgs({silence}: AdminFault): string[] {
  return silence === 'hang' ? ['--timeout', '2'] : [];
}

for (const [answer, fault] of Object.entries(cases)) {
  test(`${answer} is explained, with an exit code of its own`, explains, fault);
  if (answer !== '404') test(`${answer} to the reading of a document stops its writing`, stopsBeforeWriting, fault);
}

test('no server is explained', async t => {
  const {nexus, env} = await startServices(t);
  await nexus.stop();
  const {code, stderr} = await run(t, 'service-portico.sh', [], {env: {...env, ...values}});
  t.is(code, 69);
  t.regex(stderr, /was not sent: Digital Channels could not be reached\. Check nexusURL/);
});

test('a request that could not leave in time is told from one without an answer', async t => {
  const {env} = await startServices(t);
  const silent = createServer(socket => void socket.on('error', () => {}).resume());
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  t.teardown(() => silent.close());
  const nexusURL = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const {code, stderr} = await run(t, 'service-portico.sh', ['--timeout', '2'], {env: {...env, ...values, nexusURL}});
  t.is(code, 69, stderr);
  t.regex(stderr, /was not sent: Digital Channels could not be reached\. Check nexusURL/);
});

test('an answer that repeats a secret is not shown', async t => {
  const {nexus, env} = await startServices(t);
  nexus.fault({method: 'POST', status: 400, body: {message: `bad key ${customGateway.asyncAPISignatureKey}`}});
  const {stderr} = await run(t, 'service-async.sh', [], {env: {...env, ...values}});
  t.regex(stderr, /not shown: it repeats a secret/);
});

test('an unknown option is refused with a hint', async t => {
  const {code, stderr} = await run(t, 'service-sms.sh', ['--force']);
  t.is(code, 64);
  t.regex(stderr, /unknown option or argument '--force'\. Try service-sms\.sh --help/);
});
