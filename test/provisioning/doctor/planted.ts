import {randomUUID} from 'node:crypto';
import {chmodSync} from 'node:fs';
import {request as createRequest, createServer, type ServerResponse} from 'node:http';
import net, {type AddressInfo, type Server} from 'node:net';
import {join} from 'node:path';
import {type DoctorRun, type DoctorWorld, smppChannel, type twilioChannel} from './world.ts';

/** What to run, and how to have all as it was. */
export interface Planted extends DoctorRun {
  undo?(): void | Promise<void>;
}

export type Plant = (world: DoctorWorld) => Planted | Promise<Planted>;

export function inFile(search: string | RegExp, replacement: string): Plant {
  return ({file}) => {
    const changed = file.replace(search, replacement);
    if (changed === file) throw new Error(`the file has no ${search}`);
    return {file: changed};
  };
}

export function inCfg(search: string | RegExp, replacement: string): Plant {
  return ({cfg}) => {
    const changed = cfg.replace(search, replacement);
    if (changed === cfg) throw new Error(`the export has no ${search}`);
    return {cfg: changed};
  };
}

interface AsyncDocument {
  data: {channels: Array<{channelId: string; webhook: {url: string}}>};
  secret: {channels: Array<{channelId: string; webhook: {secret: string}; api: {secret: string}}>};
}

/** In the tenant's service `Async`, as somebody else might have written it. */
export function inAsync(change: (document: AsyncDocument) => void): Plant {
  return ({tenant}) => {
    const before = tenant.services.get('Async');
    if (before === undefined) throw new Error('there is no Async');
    const document = structuredClone(before) as unknown as AsyncDocument;
    change(document);
    tenant.services.set('Async', document as unknown as Record<string, unknown>);
    return {undo: () => void tenant.services.set('Async', before)};
  };
}

export function withoutService(name: string): Plant {
  return ({tenant}) => {
    const before = tenant.services.get(name) ?? {};
    tenant.services.delete(name);
    return {undo: () => void tenant.services.set(name, before)};
  };
}

export function withSms(data: Record<string, string>): Plant {
  return ({tenant}) => {
    const before = tenant.services.get('SMS') ?? {};
    tenant.services.set('SMS', {url: 'N/A', data, secret: {}});
    return {undo: () => void tenant.services.set('SMS', before)};
  };
}

export function onNumber(changes: Partial<DoctorWorld['twilio']['numbers'][number]>): Plant {
  return ({twilio}) => change(twilio.numbers[0], changes);
}

export function onPool(changes: Partial<DoctorWorld['twilio']['services'][number]>): Plant {
  return ({twilio}) => change(twilio.services[0], changes);
}

function change<Thing extends object>(thing: Thing | undefined, changes: Partial<Thing>): Planted {
  if (thing === undefined) throw new Error('nothing to change');
  const before = structuredClone(thing);
  Object.assign(thing, changes);
  return {undo: () => void Object.assign(thing, before)};
}

export const withoutNumber: Plant = ({twilio}) => {
  const before = twilio.numbers.splice(0);
  return {undo: () => void twilio.numbers.push(...before)};
};

/** Calls of Nexus' messaging API are answered otherwise. */
export function onNexus(fault: Parameters<DoctorWorld['tenant']['nexus']['fault']>[0]): Plant {
  return ({tenant}) => ({undo: tenant.nexus.fault(fault)});
}

export const strangeChannel: Plant = ({tenant}) => {
  const right = tenant.services.get('Async') as unknown as AsyncDocument;
  const channels = toApiChannels(right.secret.channels);
  tenant.nexus.setChannels(channels.filter(({channelId}) => channelId !== smppChannel));
  return {undo: () => tenant.nexus.setChannels(channels)};
};

/** Nobody has provisioned them yet. */
export const noChannels: Plant = ({tenant}) => {
  const {secret} = tenant.services.get('Async') as unknown as AsyncDocument;
  tenant.nexus.setChannels([]);
  return {undo: () => tenant.nexus.setChannels(toApiChannels(secret.channels))};
};

/** Something else stands at `publicUrl`. */
export function atPublicUrl(answer: (response: ServerResponse) => void): Plant {
  return async ({front, gateway}) => {
    const port = await listen(createServer((request, response) => request.resume().on('end', () => answer(response))));
    front.target(port.number);
    return {
      async undo() {
        front.target(gateway.publicPort);
        await port.close();
      },
    };
  };
}

/** A proxy that passes everything on but one header. */
export function withoutHeader(name: string): Plant {
  return async ({front, gateway}) => {
    const proxy = createServer((request, response) => {
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([key]) => key !== name));
      const {method, url: path} = request;
      const onward = createRequest({host: '127.0.0.1', port: gateway.publicPort, method, path, headers}, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    const port = await listen(proxy);
    front.target(port.number);
    return {
      async undo() {
        front.target(gateway.publicPort);
        await port.close();
      },
    };
  };
}

export const noPublicUrl: Plant = ({front, gateway}) => {
  front.target(undefined);
  return {undo: () => front.target(gateway.publicPort)};
};

/** A host that takes the connection and says nothing. */
export const silentSmsc: Plant = async ({file, smsc}) => {
  const port = await listen(net.createServer(socket => socket.on('error', () => {}).resume()));
  return {file: file.replace(`port: ${smsc.port}`, `port: ${port.number}\n    bindTimeout: 100ms`), undo: port.close};
};

export const closedSmsc: Plant = async ({file, smsc}) => {
  const port = await listen(net.createServer());
  await port.close();
  return {file: file.replace(`port: ${smsc.port}`, `port: ${port.number}`)};
};

export const closedNexus: Plant = async ({file, tenant}) => {
  const port = await listen(net.createServer());
  await port.close();
  return {file: file.replace(tenant.nexus.url, `http://127.0.0.1:${port.number}`)};
};

export const closedManagement: Plant = async () => {
  const port = await listen(net.createServer());
  await port.close();
  return {url: `http://127.0.0.1:${port.number}`};
};

export const refusedBinds: Plant = ({smsc}) => {
  smsc.faults.refuseBinds = 0x0d;
  return {
    undo() {
      smsc.faults.refuseBinds = undefined;
    },
  };
};

export const paused: Plant = async world => {
  await post(world, 'pause', {channel: smppChannel, reason: 'planted'});
  return {undo: () => post(world, 'resume', {channel: smppChannel})};
};

export const pausedTexts: Plant = async world => {
  const filter = {channel: smppChannel, acceptedBefore: '2026-11-20T22:10:00Z'};
  await post(world, 'pause', {...filter, reason: 'planted'});
  return {undo: () => post(world, 'resume', filter)};
};

export const drained: Plant = async world => {
  await post(world, 'drain', {channel: smppChannel, reason: 'planted'});
  return {undo: () => post(world, 'resume', {channel: smppChannel})};
};

export const readableStore: Plant = ({folder}) => {
  const path = join(folder, 'gateway.db');
  chmodSync(path, 0o644);
  return {undo: () => chmodSync(path, 0o600)};
};

export const moreChannel = `
  - id: "16504661151"
    platform: acme
    address: "+16504661151"
    webhookSecret: ${randomUUID()}
    apiSecret: ${randomUUID()}
    carriers: [smsc-a]
    nexusServices: {section: chat.SMS_More, endpoint: chat.More}
`;

function toApiChannels(secrets: AsyncDocument['secret']['channels']) {
  return secrets.map(({channelId, webhook, api}) => ({
    channelId,
    webhookSecret: webhook.secret,
    apiSecret: api.secret,
  }));
}

export function sectionOf(channel: typeof smppChannel | typeof twilioChannel): RegExp {
  return new RegExp(`\\[chat\\.\\w+\\]\\nchannelId=${channel}\\n(?:[^[].*\\n)*`);
}

async function post({managementUrl}: DoctorWorld, what: string, body: object): Promise<void> {
  const headers = {authorization: 'Bearer operator-token-of-this-test', 'content-type': 'application/json'};
  const answer = await fetch(`${managementUrl}/api/${what}`, {method: 'POST', headers, body: JSON.stringify(body)});
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
}

async function listen(server: Server): Promise<{number: number; close(): Promise<void>}> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  return {number: port, close: () => new Promise(resolve => server.close(() => resolve()))};
}
