import test, {type ExecutionContext} from 'ava';
import {customGateway, lastWritten, startServices} from './peers.ts';
import {run} from './run.ts';

const kaleyra = {kaleyraURL: 'http://directtext.mgage.com', kaleyraUserName: 'acme', kaleyraPassword: 'kaleyra-secret'};
const genesysCloud = {
  gcLoginURL: 'https://login.mypurecloud.com',
  gcAPIURL: 'https://api.mypurecloud.com',
  clientId: '4da40a9de-b113-4024-8ba9-c9dd89c91f67',
  clientSecret: 'aKSXEgLO57cm6FqxD4hrjkcW-iuWiXhd0uF0WOcZUm2',
};

interface Service {
  script: string;
  args?: string[];
  name: string;
  /** The body as the guide prints it (seed 003), its values put in and its faults mended. */
  guide: string;
}

const services: Service[] = [
  {script: 'service-sms.sh', name: 'SMS', guide: '{ "url" : "N/A", "data" : { "provider": "Async" }, "secret": {} }'},
  {
    script: 'service-sms.sh',
    args: ['--provider', 'mGage'],
    name: 'SMS',
    guide: '{ "url" : "N/A", "data" : { "provider": "mGage" }, "secret": {} }',
  },
  {
    script: 'service-sms.sh',
    args: ['--provider', 'Purecloud'],
    name: 'SMS',
    guide: '{ "url" : "N/A", "secret": {}, "data" : {"tokenProvider": "Purecloud"} }',
  },
  {
    script: 'service-mgage.sh',
    name: 'mGageSMS',
    guide: `{ "url": "http://directtext.mgage.com", "data": { },
      "secret": { "username": "acme", "password": "kaleyra-secret" } }`,
  },
  {
    script: 'service-async.sh',
    name: 'Async',
    guide: `{ "data": { "channels": [
        { "channelId": "16504661149", "webhook": { "url": "https://genesys-webhook.company.com" } } ] },
      "secret": { "channels": [
        { "channelId": "16504661149", "webhook": { "secret": "webhook-signature-key" }, "api": { "secret": "api-signature-key" } } ] } }`,
  },
  {
    script: 'service-purecloud-idp.sh',
    name: 'PurecloudIDP',
    guide: `{ "url" : "https://login.mypurecloud.com",
      "secret": {"clientId": "4da40a9de-b113-4024-8ba9-c9dd89c91f67", "clientSecret": "aKSXEgLO57cm6FqxD4hrjkcW-iuWiXhd0uF0WOcZUm2"},
      "data" : {} }`,
  },
  {
    script: 'service-portico.sh',
    name: 'PorticoSMS',
    guide: '{ "url" : "https://api.mypurecloud.com", "secret": {}, "data": {} }',
  },
];

const values = {...customGateway, ...kaleyra, ...genesysCloud};

async function writes(t: ExecutionContext, {script, args = [], name, guide}: Service) {
  const {nexus, env} = await startServices(t);
  const {code, stdout, stderr} = await run(t, script, args, {env: {...env, ...values}});
  t.is(code, 0, stderr);
  t.is(stdout, `${name}: written.\n`);
  t.is(lastWritten(nexus.requests), JSON.stringify(JSON.parse(guide)));
  const request = nexus.requests.at(-1);
  t.is(request?.method, 'POST');
  t.is(request?.path, `/nexus/v3/provisioning/services/${env.ccid}/${name}`);
  t.is(request?.headers['content-type'], 'application/json');
  t.is(request?.headers['x-api-key'], env.apiKey);
  t.is(request?.headers['x-ccid'], env.ccid);
}

async function showsWithoutSending(t: ExecutionContext, {script, args = [], name, guide}: Service) {
  const {nexus, env} = await startServices(t);
  const {code, stdout, stderr} = await run(t, script, [...args, '--dry-run'], {env: {...env, ...values}});
  t.is(code, 0, stderr);
  t.false(nexus.requests.some(({method}) => method !== 'GET'));
  const masked = JSON.stringify(JSON.parse(guide)).replaceAll(
    /kaleyra-secret|webhook-signature-key|api-signature-key|aKSXEgLO57[^"]*/g,
    '********',
  );
  t.is(
    stdout,
    `POST ${nexus.url}/nexus/v3/provisioning/services/${env.ccid}/${name}
Content-Type: application/json
x-api-key: ********
x-ccid: ${env.ccid}

${masked}

`,
  );
}

async function isSafeTwice(t: ExecutionContext, {script, args = [], name, guide}: Service, conflicts: boolean) {
  const {nexus, env} = await startServices(t, {conflicts, reads: 'masked'});
  const all = {env: {...env, ...values}};
  t.is((await run(t, script, args, all)).code, 0);
  const {code, stderr} = await run(t, script, args, all);
  t.is(code, 0, stderr);
  t.deepEqual(nexus.services.get(name), JSON.parse(guide));
}

for (const service of services) {
  const title = [service.script, ...(service.args ?? [])].join(' ');
  test(`${title} writes the guide's body, byte for byte`, writes, service);
  test(`${title} --dry-run shows the request, secrets masked, and sends none`, showsWithoutSending, service);
  test(`${title} may be run twice`, isSafeTwice, service, false);
  test(`${title} replaces by PUT where POST answers 409`, isSafeTwice, service, true);
}

test('service-sms.sh does not take the texts of a tenant from another provider unasked', async t => {
  const {nexus, env} = await startServices(t);
  nexus.services.set('SMS', {url: 'N/A', data: {provider: 'mGage'}, secret: {}});
  const held = await run(t, 'service-sms.sh', [], {env});
  t.is(held.code, 3);
  t.regex(held.stderr, /mGage serves the SMS of this tenant.*--replace/);
  t.is(lastWritten(nexus.requests), undefined);

  t.is((await run(t, 'service-sms.sh', ['--replace'], {env})).code, 0);
  t.deepEqual(nexus.services.get('SMS'), {url: 'N/A', data: {provider: 'Async'}, secret: {}});
});

test('service-sms.sh does not take over what it can not read unasked', async t => {
  const {nexus, env} = await startServices(t);
  const standing = {service: {data: {tokenProvider: 'Purecloud'}}};
  nexus.services.set('SMS', standing);
  const held = await run(t, 'service-sms.sh', [], {env});
  t.is(held.code, 3);
  t.regex(held.stderr, /a form that is not known here.*add --replace/);
  t.is(nexus.services.get('SMS'), standing);
  t.is((await run(t, 'service-sms.sh', ['--replace'], {env})).code, 0);
  t.deepEqual(nexus.services.get('SMS'), {url: 'N/A', data: {provider: 'Async'}, secret: {}});
});

test('service-sms.sh writes nothing when it is so already', async t => {
  const {nexus, env} = await startServices(t, {enveloped: true});
  await run(t, 'service-sms.sh', [], {env});
  const {code, stdout} = await run(t, 'service-sms.sh', [], {env});
  t.is(code, 0);
  t.is(stdout, 'SMS: Async serves it already.\n');
  t.is(nexus.requests.filter(({method}) => method === 'POST').length, 1);
});

test('service-sms.sh leaves what stands beside the provider it would write', async t => {
  const {nexus, env} = await startServices(t);
  const standing = {url: 'N/A', data: {provider: 'Async', retries: 3}, secret: {}};
  nexus.services.set('SMS', standing);
  const {code, stdout} = await run(t, 'service-sms.sh', [], {env});
  t.is(code, 0);
  t.is(stdout, 'SMS: Async serves it already.\n');
  t.is(nexus.services.get('SMS'), standing);
});

test('service-sms.sh says whom it may take over from where the present one is not shown', async t => {
  const hidden = await startServices(t, {reads: 'no'});
  const told = await run(t, 'service-sms.sh', [], {env: hidden.env});
  t.is(told.code, 0);
  t.regex(
    told.stderr,
    /does not show the present service: should another provider serve numbers of this tenant, Async takes/,
  );
  const absent = await startServices(t);
  t.is((await run(t, 'service-sms.sh', [], {env: absent.env})).stderr, '');
  const bare = await startServices(t);
  bare.nexus.fault({method: 'GET', status: 404, body: '<html><h1>404 Not Found</h1></html>'});
  t.regex((await run(t, 'service-sms.sh', [], {env: bare.env})).stderr, /does not show/);
});
