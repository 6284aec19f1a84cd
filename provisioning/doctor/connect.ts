import {lookup} from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import type {Endpoint} from '../../src/core/examination.ts';

/** How far one connection came. */
export type Reached =
  | {kind: 'unresolved'; code: string}
  | {kind: 'unreached'; code: string}
  | {kind: 'no tls'; code: string}
  | {kind: 'open'; addresses: readonly string[]; from: string; certificate?: Certificate};

export interface Certificate {
  /** A code of Node.js' when it is not trusted, such as `CERT_HAS_EXPIRED`. */
  distrust: string | undefined;
  /** Unix ms. */
  validTo: number;
}

const timeoutMs = 10_000;

/** Name, connection, TLS: everything below what the party itself speaks. Sends nothing of ours and never rejects. */
export async function connect(endpoint: Endpoint): Promise<Reached> {
  const found = await resolveName(endpoint.host);
  if ('code' in found) return {kind: 'unresolved', code: found.code};
  const opened = await open(endpoint);
  if ('code' in opened)
    return opened.secured ? {kind: 'no tls', code: opened.code} : {kind: 'unreached', code: opened.code};
  return {kind: 'open', ...found, ...opened};
}

async function resolveName(host: string): Promise<{addresses: string[]} | {code: string}> {
  try {
    return {addresses: (await lookup(host, {all: true})).map(({address}) => address)};
  } catch (error) {
    return {code: toCode(error)};
  }
}

type Opened = {from: string; certificate?: Certificate} | {code: string; secured: boolean};

function open({host, port, localAddress, tls: secure}: Endpoint): Promise<Opened> {
  const address = {host, port, ...(localAddress === undefined ? {} : {localAddress})};
  return new Promise(resolve => {
    let connected = false;
    const settle = (opened: Opened) => {
      resolve(opened);
      socket.destroy();
    };
    const plain = net.connect(address);
    const socket = secure === undefined ? plain : tls.connect({...toTls(secure), socket: plain});
    socket.setTimeout(timeoutMs, () => settle({code: 'ETIMEDOUT', secured: connected}));
    plain.once('connect', () => {
      connected = true;
    });
    plain.once('error', error => settle({code: toCode(error), secured: connected}));
    socket.once('error', error => settle({code: toCode(error), secured: connected}));
    socket.once('close', () => settle({code: 'ECONNRESET', secured: connected}));
    socket.once(secure === undefined ? 'connect' : 'secureConnect', () => {
      const from = plain.localAddress ?? '';
      settle(socket instanceof tls.TLSSocket ? {from, certificate: readCertificate(socket)} : {from});
    });
  });
}

/** Not verified while connecting: what is wrong with it is to be told, with its date. */
function toTls({servername, ca, cert, key, passphrase}: NonNullable<Endpoint['tls']>): tls.ConnectionOptions {
  return {
    servername: net.isIP(servername) === 0 ? servername : '',
    host: servername,
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : {ca: typeof ca === 'string' ? ca : [...ca]}),
    ...(cert === undefined ? {} : {cert}),
    ...(key === undefined ? {} : {key}),
    ...(passphrase === undefined ? {} : {passphrase}),
  };
}

function readCertificate(socket: tls.TLSSocket): Certificate {
  const {valid_to: validTo} = socket.getPeerCertificate();
  const distrust: unknown = socket.authorizationError;
  return {
    distrust: socket.authorized ? undefined : distrust instanceof Error ? toCode(distrust) : String(distrust),
    validTo: Date.parse(validTo),
  };
}

function toCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
