import http from 'node:http';
import https from 'node:https';
import type {Duplex} from 'node:stream';

export interface AgentOptions {
  secure: boolean;
  ca?: string | undefined;
  proxy?: string | undefined;
  connectTimeoutMs: number;
}

/** Shorter than any front end of Twilio's waits: a request on a socket that is just being closed would end as `unknown`. */
const idleMs = 4000;

/**
 * A keep-alive agent that hands out a new socket only when it is connected and, with TLS, verified: a request that was never given
 * a socket has certainly sent nothing.
 */
export function createAgent(options: AgentOptions): http.Agent {
  const settings = {
    keepAlive: true,
    timeout: idleMs,
    scheduling: 'lifo' as const,
    ...(options.ca === undefined ? {} : {ca: options.ca}),
    ...(options.proxy === undefined ? {} : {proxyEnv: {HTTP_PROXY: options.proxy, HTTPS_PROXY: options.proxy}}),
  };
  const agent = options.secure ? new https.Agent(settings) : new http.Agent(settings);
  const connect = agent.createConnection.bind(agent);

  agent.createConnection = (target, done) => {
    const connected = once(done);
    const timer = setTimeout(() => {
      connected(new ConnectTimeout(), undefined);
      opened?.destroy();
    }, options.connectTimeoutMs);
    let opened: Duplex | undefined;
    const settle = (error: Error | null, socket: Duplex | undefined) => {
      clearTimeout(timer);
      if (!connected(error, socket)) socket?.destroy();
    };
    const watch = (socket: Duplex) => {
      opened = socket;
      socket.once('error', error => settle(error, undefined));
      socket.once('close', () => settle(new Error('The connection was closed before it stood'), undefined));
      socket.once(options.secure ? 'secureConnect' : 'connect', () => settle(null, socket));
    };
    // Through a proxy the socket comes later, by the callback, and stands already.
    const socket = connect(target, (error, proxied) => {
      if (error || proxied) settle(error, proxied);
    });
    if (socket) watch(socket);
    return undefined;
  };
  return agent;
}

class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

function once(done: ((error: Error | null, socket: Duplex) => void) | undefined) {
  let called = false;
  return (error: Error | null, socket: Duplex | undefined): boolean => {
    if (called) return false;
    called = true;
    (done as ((error: Error | null, socket?: Duplex) => void) | undefined)?.(error, socket);
    return true;
  };
}
