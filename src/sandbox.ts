import {createHmac, randomUUID} from 'node:crypto';
import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {join} from 'node:path';
import {loadConfig} from './config.ts';
import type {Log} from './core/log.ts';
import {type Gateway, StoreRefused, startGateway} from './gateway.ts';
import {followJourney} from './sandbox/journey.ts';
import {made, type Peers, startPeers, toGatewayFile} from './sandbox/peers.ts';

export interface SandboxOptions {
  /** Where the database and the configuration file go. */
  folder: string;
  /** Tried first; any free one when they are taken. */
  publicPort: number;
  managementPort: number;
  log: Log;
  onLost(error: Error): void;
  print(line: string): void;
}

interface Shown {
  peers: Peers;
  publicUrl: string;
  managementUrl: string;
  print(line: string): void;
}

const phone = '+14155550101';
const journeyDeadlineMs = 20_000;

/**
 * The gateway between a pretend Nexus, a pretend Twilio and a pretend SMSC in this process, on loopback. Shows one text by each carrier and one from a
 * phone, each to its end, and stays up for the reader's own.
 */
export async function startSandbox(options: SandboxOptions): Promise<Pick<Gateway, 'drain' | 'stop'>> {
  const {folder, print} = options;
  const [publicPort, managementPort] = await Promise.all([
    freePort(options.publicPort),
    freePort(options.managementPort),
  ]);
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const peers = await startPeers({smsc: {latencyMs: 10}, twilio: {statusDelayMs: 60}});
  const path = join(folder, 'sandbox.yaml');
  const store = `sqlite:${join(folder, 'sandbox.db')}`;
  const file = toGatewayFile({peers, publicUrl, publicPort, managementPort, store});
  const gateway = await startWith(options, path, file).catch(async (error: unknown) => {
    await peers.stop();
    throw error;
  });

  const shown = {peers, publicUrl, managementUrl, print};
  print(`nexus-async-gateway, sandbox: everything below happens on this machine, on the real protocols.

  pretend Nexus    ${peers.nexus.url}
  pretend SMSC     ${peers.smsc.host}:${peers.smsc.port}
  pretend Twilio   ${peers.twilio.url}
  gateway          ${publicUrl}  (webhooks)
  console          ${managementUrl}/console/  (sign in as sandbox with ${made.token})
  management       ${managementUrl}  (health, metrics, API; the same token)
  configuration    ${path}
`);
  await showOutbound(
    shown,
    made.smppChannel,
    'smsc-a',
    'by SMPP',
    'Your card was used for 12.50 €. Not you? Reply NO.',
  );
  await showOutbound(shown, made.twilioChannel, 'twilio-main', 'by Twilio', 'Your appointment is tomorrow at 9:00.');
  await showInbound(shown);
  print(toInvitation(shown, path));
  return {
    drain: gateway.drain,
    async stop() {
      await gateway.stop();
      await peers.stop();
    },
  };
}

/** The file is there once the gateway is: one that has the store already keeps its own. */
async function startWith({folder, log, onLost}: SandboxOptions, path: string, file: string): Promise<Gateway> {
  const draft = `${path}.${randomUUID()}`;
  write(folder, draft, file);
  try {
    const config = loadConfig({path: draft, env: {}});
    const readConfig = () => ({config: loadConfig({path, env: {}})});
    const gateway = await startGateway({config, log, onLost, readConfig});
    renameSync(draft, path);
    return gateway;
  } catch (error) {
    rmSync(draft, {force: true});
    throw error;
  }
}

function write(folder: string, path: string, file: string): void {
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    writeFileSync(path, file, {mode: 0o600});
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'a fault';
    const why = `${folder} can't be written (${code}): start it in a folder where this user may write`;
    throw new StoreRefused(why, {cause});
  }
}

async function showOutbound(
  {peers, publicUrl, managementUrl, print}: Shown,
  channelId: string,
  carrier: string,
  how: string,
  text: string,
) {
  print(`Nexus → ${carrier} → phone ${how}: “${text}”`);
  const webhookUrl = `${publicUrl}/nexus/webhook/acme/${channelId}`;
  const {body} = await peers.nexus.sendText({webhookUrl, channelId, to: phone, text});
  const {messageId} = body as {messageId: string};
  const url = `${managementUrl}/api/messages/${messageId}`;
  await followJourney({url, token: made.token, until: 'posted', deadlineMs: journeyDeadlineMs, print});
  print('');
}

async function showInbound({peers, managementUrl, print}: Shown): Promise<void> {
  const text = 'NO, that was not me';
  print(`phone → smsc-a → Nexus: “${text}”`);
  await peers.smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text});
  const list = `${managementUrl}/api/messages?direction=inbound&limit=1`;
  const response = await fetch(list, {headers: {authorization: `Bearer ${made.token}`}});
  const {messages} = (await response.json()) as {messages: Array<{messageId: string}>};
  const url = `${managementUrl}/api/messages/${messages[0]?.messageId}`;
  await followJourney({url, token: made.token, until: 'posted', deadlineMs: journeyDeadlineMs, print});
  print('');
}

/** A webhook call that works when pasted: the body is fixed, so its signature can be. */
function toInvitation({publicUrl, managementUrl}: Shown, path: string): string {
  const message = {id: randomUUID(), type: 'Text', channel: {to: {id: '14155550199'}}, text: 'Hello from my own shell'};
  const body = JSON.stringify({messages: [message]});
  const signature = createHmac('sha1', made.webhookSecret).update(body).digest('hex');
  return `Try it yourself: a text as Nexus would send it, signed (send it twice: it is the same message, sent once)

  curl -s ${publicUrl}/nexus/webhook/acme/${made.smppChannel} \\
    -H 'Content-Type: application/json' \\
    -H 'X-Hub-Signature: sha1=${signature}' \\
    -d '${body}'

and what became of it:

  npx nexus-async-gateway messages --url ${managementUrl} --token ${made.token} --phone +14155550199

The sandbox stays up; end it with Ctrl-C. For your own set-up: GATEWAY_CONFIG=gateway.yaml npm start (${path} is an example).`;
}

async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const {port: got} = server.address() as AddressInfo;
      server.close(() => resolve(got));
    });
  });
}
