import http from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {options} from '../../../src/carriers/twilio/options.ts';
import {createExamination} from '../../../src/carriers/twilio/provisioning/examine.ts';
import {accountSid, authToken} from './setup.ts';

/** An account that is active, in front of a Twilio that answers what is said. */
async function start(t: ExecutionContext, answer: (path: string, response: http.ServerResponse) => void) {
  const server = http.createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://twilio').pathname;
    response.setHeader('content-type', 'application/json');
    if (path.endsWith(`/${accountSid}.json`)) response.end(JSON.stringify({status: 'active', type: 'Full'}));
    else answer(path, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (addresses: readonly string[]) => {
    const settings = options.parse({accountSid, authTokens: [authToken], apiUrl});
    return createExamination(settings, {name: 'main', publicUrl: 'https://gw.example.com', addresses}).ask(false);
  };
}

test('asks about a few numbers at once, however many there are', async t => {
  const addresses = Array.from({length: 12}, (_, index) => `+1415555${1000 + index}`);
  const seen = {open: 0, most: 0};
  const ask = await start(t, (_, response) => {
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    setTimeout(() => {
      seen.open -= 1;
      response.end(JSON.stringify({incoming_phone_numbers: []}));
    }, 50);
  });
  const findings = await ask(addresses);
  t.deepEqual(
    findings.map(({code}) => code),
    ['account', ...addresses.map(() => 'number_not_found')],
  );
  t.true(seen.most <= 4, `${seen.most} at once`);
});

test('an answer that can not be read is told, and does not end the examination', async t => {
  const number = {sid: `PN${'1'.repeat(32)}`, phone_number: '+14155550123', capabilities: {sms: true}};
  const ask = await start(t, (path, response) => {
    const isList = path.endsWith('/IncomingPhoneNumbers.json');
    response.end(JSON.stringify(isList ? {incoming_phone_numbers: [number]} : {nothing: 'of Twilio'}));
  });
  const findings = await ask(['+14155550123']);
  t.like(findings, [{code: 'account'}, {level: 'unknown', code: 'number_unreadable'}]);
});
