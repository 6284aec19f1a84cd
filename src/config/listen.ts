import {readFileSync} from 'node:fs';
import type {Document} from './document.ts';
import type {Mistake} from './mistakes.ts';
import type {GatewayFile} from './schema.ts';

export interface Listen {
  host: string;
  port: number;
  /** PEM texts. */
  tls: {cert: string; key: string} | undefined;
}

export function toListen({host, port, tls}: GatewayFile['listen'], document: Document, mistakes: Mistake[]): Listen {
  if (tls === undefined) return {host, port, tls};
  const readPem = (key: 'cert' | 'key'): string => {
    const value = tls[key];
    if (value.includes('-----BEGIN ')) return value;
    try {
      const text = readFileSync(value, 'utf8');
      if (text.includes('-----BEGIN ')) return text;
      mistakes.push(document.mistake(['listen', 'tls', key], 'names a file that holds no PEM: name the right one.'));
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      const message = `names a file that can't be read (${why}): check the path and its rights.`;
      mistakes.push(document.mistake(['listen', 'tls', key], message));
    }
    return '';
  };
  return {host, port, tls: {cert: readPem('cert'), key: readPem('key')}};
}

/** The API can read every number and stop everything: off loopback nobody may reach it unnamed. */
export function checkManagement(
  {host, tokens}: GatewayFile['management'],
  document: Document,
  mistakes: Mistake[],
): void {
  const tell = (path: (string | number)[], message: string) =>
    mistakes.push(document.mistake(['management', ...path], message));
  if (tokens.length === 0 && !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host)) {
    tell(
      ['tokens'],
      'must name at least one token: `host` is no loopback address, so others reach the management port.',
    );
  }
  tokens.forEach((token, index) => {
    if (tokens.findIndex(other => other.name === token.name) < index) {
      tell(['tokens', index, 'name'], 'is there twice: the history could not tell who did what.');
    }
    if (tokens.findIndex(other => other.token === token.token) < index) {
      tell(['tokens', index, 'token'], 'is the same as another one: give each its own.');
    }
  });
}
