import type {Document} from './document.ts';
import type {Mistake, Path} from './mistakes.ts';
import type {GatewayFile} from './schema.ts';

/** The API can read every number and stop everything: off loopback nobody may reach it unnamed. */
export function checkManagement(
  {listen, management: {host, port, tokens}}: GatewayFile,
  document: Document,
  mistakes: Mistake[],
): void {
  const tell = (path: Path, message: string) => mistakes.push(document.mistake(['management', ...path], message));
  if (tokens.length === 0 && !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host)) {
    tell(
      ['tokens'],
      'must name at least one token: `host` is no loopback address, so others reach the management port.',
    );
  }
  if (port !== 0 && port === listen.port) tell(['port'], 'is the public port too: give it one of its own.');
  tokens.forEach((token, index) => {
    if (tokens.findIndex(other => other.name === token.name) < index) {
      tell(['tokens', index, 'name'], 'is there twice: the history could not tell who did what.');
    }
    if (tokens.findIndex(other => other.token === token.token) < index) {
      tell(['tokens', index, 'token'], 'is the same as another one: give each its own.');
    }
  });
}
