import {parse} from 'yaml';

/** Settings whose values are secrets, in whatever block they stand. */
const secretNames = new Set([
  'apiKey',
  'apiSecret',
  'authTokens',
  'key',
  'passphrase',
  'password',
  'phoneKeys',
  'secret',
  'token',
  'webhookSecret',
]);
/** Headers that traces are sent with are secrets by what they are called. */
const secretHeader = /auth|cookie|key|secret|token/i;
const reference = /(^|[^$])\$\{[^}]+\}/;
const inUrl = /^[a-z][a-z\d+.-]*:\/\/[^/@\s]*:([^/@\s]+)@/i;

/** Whether a configuration file holds a secret as it is, and not by reference. */
export function holdsPlainSecret(text: string): boolean {
  return isPlain(parse(text), false);
}

function isPlain(value: unknown, isSecret: boolean, block = ''): boolean {
  if (Array.isArray(value)) return value.some(one => isPlain(one, isSecret, block));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).some(([name, one]) => isPlain(one, isSecretName(name, block), name));
  }
  if (typeof value === 'number') return isSecret;
  if (typeof value !== 'string') return false;
  const found = isSecret ? value : inUrl.exec(value)?.[1];
  return found !== undefined && found !== '' && !reference.test(found);
}

function isSecretName(name: string, block: string): boolean {
  if (block === 'headers') return secretHeader.test(name);
  return secretNames.has(name) || (block === 'require' && name === 'value');
}
