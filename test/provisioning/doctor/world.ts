import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {createProvision} from '../../../provisioning/setup/index.ts';
import {runCommand} from '../../../src/cli/index.ts';
import {createConfigReader, loadConfig} from '../../../src/config.ts';
import {createNumberAccounts, type Gateway, openParties, startGateway} from '../../../src/gateway.ts';
import {createLog} from '../../../src/log.ts';
import {createPretendSmsc, type PretendSmsc} from '../../../src/sandbox/smsc.ts';
import {startTenant, type Tenant, tenantKeys} from '../../../src/sandbox/tenant.ts';
import {createPretendTwilio, type PretendTwilio} from '../../../src/sandbox/twilio.ts';
import {createFront, type Front} from '../../helpers/front.ts';
import {makeFolder} from '../run.ts';

export const smppChannel = '16504661149';
export const twilioChannel = '16504661150';
export const accountSid = `AC${'a'.repeat(32)}`;
export const numberSid = `PN${'1'.repeat(32)}`;
const token = 'operator-token-of-this-test';

/** A whole set-up in which nothing is wrong: a tenant as it is installed, provisioned by the command itself. */
export interface DoctorWorld {
  tenant: Tenant;
  smsc: PretendSmsc;
  twilio: PretendTwilio;
  front: Front;
  gateway: Gateway;
  folder: string;
  managementUrl: string;
  /** The configuration file, and the export of NexusServices. */
  file: string;
  cfg: string;
  /** Runs the command with these files in place of the right ones. */
  doctor(options?: DoctorRun): Promise<Ran>;
}

export interface DoctorRun {
  file?: string;
  cfg?: string;
  args?: readonly string[];
  url?: string;
  env?: Record<string, string>;
  /** How far the clock of this machine is ahead, ms. */
  aheadMs?: number;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export async function startDoctorWorld(
  t: Pick<ExecutionContext, 'teardown'>,
  edit = (file: string) => file,
): Promise<DoctorWorld> {
  const folder = makeFolder(t);
  const tenant = await startTenant();
  const smsc = await createPretendSmsc({systemId: 'acme', password: 'smppword'});
  const twilio = await createPretendTwilio({accountSid, authToken: 'twilio-token-of-this-test', statusDelayMs: 5});
  const front = await createFront();
  twilio.numbers.push(number());
  twilio.services.push(pool());
  const file = edit(toFile({tenant, smsc, twilio, front, folder}));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, file, {mode: 0o600});
  const config = loadConfig({path, env: {}});
  const log = createLog({level: 'error', pretty: false, destination: {write() {}}});
  const gateway = await startGateway({config, log, onLost() {}, readConfig: () => ({config})});
  front.target(gateway.publicPort);
  t.teardown(async () => {
    front.target(undefined);
    await gateway.stop();
    await Promise.all([tenant.stop(), smsc.stop(), twilio.stop(), front.stop()]);
  });

  const managementUrl = `http://127.0.0.1:${gateway.managementPort}`;
  const provision = createProvision({path, env: {}, openNumbers: createNumberAccounts});
  const asking = {confirm: async () => true, tell() {}, progress() {}, backup: join(folder, 'backup.json')};
  await provision.apply({}, asking);
  const cfg = provision.export('cfg', '');
  let runs = 0;

  async function doctor(run: DoctorRun = {}): Promise<Ran> {
    runs += 1;
    const own = {path: join(folder, `${runs}.yaml`), cfg: join(folder, `${runs}.cfg`)};
    writeFileSync(own.path, run.file ?? file, {mode: 0o600});
    writeFileSync(own.cfg, run.cfg ?? cfg);
    const ran = {code: -1, out: '', err: ''};
    const args = run.args ?? ['--json', '--nexus-services', own.cfg];
    ran.code = await runCommand(['doctor', '--config', own.path, '--url', run.url ?? managementUrl, ...args], {
      out(text) {
        ran.out += text;
      },
      err(text) {
        ran.err += text;
      },
      env: run.env ?? {},
      openParties(config) {
        const parties = openParties(config, log);
        return {...parties, now: () => parties.now() + (run.aheadMs ?? 0)};
      },
      ...createConfigReader({env: {}}),
    });
    return ran;
  }

  return {tenant, smsc, twilio, front, gateway, folder, managementUrl, file, cfg, doctor};
}

function number() {
  return {
    sid: numberSid,
    phone_number: `+${twilioChannel}`,
    sms_url: '',
    sms_method: 'POST',
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    sms_application_sid: '',
    capabilities: {sms: true, mms: true, voice: true},
  };
}

function pool() {
  return {
    sid: `MG${'3'.repeat(32)}`,
    friendly_name: 'Pool',
    inbound_request_url: null,
    use_inbound_webhook_on_number: false,
    numbers: [numberSid],
    campaign_status: 'VERIFIED',
  };
}

function toFile({
  tenant,
  smsc,
  twilio,
  front,
  folder,
}: Omit<DoctorWorld, 'gateway' | 'managementUrl' | 'file' | 'cfg' | 'doctor'>) {
  return `
listen: {host: 127.0.0.1, port: 0}
publicUrl: ${front.url}
management:
  port: 0
  tokens: [{name: ops, role: operator, token: ${token}}]
store: sqlite:${join(folder, 'gateway.db')}
platforms:
  acme:
    type: nexus
    url: ${tenant.nexus.url}
    ccid: ${tenantKeys.ccid}
    contract: {}
    provisioning: {apiKey: ${tenantKeys.apiKey}}
carriers:
  smsc-a:
    type: smpp
    host: ${smsc.host}
    port: ${smsc.port}
    tls: false
    systemId: acme
    password: smppword
    binds: 1
  twilio-main:
    type: twilio
    accountSid: ${accountSid}
    authTokens: [twilio-token-of-this-test]
    apiUrl: ${twilio.url}
channels:
  - id: "${smppChannel}"
    platform: acme
    address: "+${smppChannel}"
    webhookSecret: 6f1d0c2b9a8e47f3b5d2
    apiSecret: 0b9c8d7e6f5a4b3c2d1e
    carriers: [smsc-a]
    nexusServices: {section: chat.SMS_Main, endpoint: chat.SMS_Endpoint}
  - id: "${twilioChannel}"
    platform: acme
    address: "+${twilioChannel}"
    webhookSecret: 7a2e1d3c0b9f58a4c6e3
    apiSecret: 1c0d9e8f7a6b5c4d3e2f
    carriers: [twilio-main]
    keywords: {owner: twilio}
    nexusServices: {section: chat.SMS_Campaigns, endpoint: chat.Campaigns, cxcOnly: true}
`;
}
