import http from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Ports} from '../gateway-process.ts';

/** What a balancer in front of replicas does: it asks each whether it is ready, and hands requests to those that are, in turn. */
export interface FrontProxy {
  url: string;
  /** How many are in at present. */
  count(): number;
  /** How often one that was thought to be ready refused a connection, and the next one was asked. */
  refused(): number;
  add(ports: Ports): void;
  /** Nothing is left of it to ask. */
  remove(ports: Ports): void;
  stop(): Promise<void>;
}

const askEveryMs = 100;
const badGateway = 502;

export async function createProxy(): Promise<FrontProxy> {
  const replicas = new Map<Ports, boolean>();
  let turn = 0;
  let refused = 0;
  const timer = setInterval(() => {
    for (const ports of replicas.keys()) void ask(ports);
  }, askEveryMs);

  async function ask(ports: Ports): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${ports.managementPort}/health/ready`).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (replicas.has(ports)) replicas.set(ports, answer?.status === 200);
  }

  const ready = () => [...replicas].flatMap(([ports, isReady]) => (isReady ? [ports] : []));

  const server = http.createServer(async (near, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of near) chunks.push(chunk);
    turn += 1;
    const all = ready();
    const first = turn % Math.max(1, all.length);
    forward([...all.slice(first), ...all.slice(0, first)], Buffer.concat(chunks), near, answer);
  });

  /** One that refuses the connection has read nothing: the next one is asked. */
  function forward(
    [to, ...others]: readonly Ports[],
    body: Buffer,
    near: http.IncomingMessage,
    answer: http.ServerResponse,
  ): void {
    if (to === undefined) return void answer.writeHead(badGateway).end();
    const {method, url: path, headers} = near;
    const options = {host: '127.0.0.1', port: to.publicPort, method, path, headers: {...headers, connection: 'close'}};
    const far = http.request({...options, agent: false}, given => {
      answer.writeHead(given.statusCode ?? badGateway, given.headers);
      given.pipe(answer);
    });
    far.on('error', error => {
      if ('code' in error && error.code === 'ECONNREFUSED') {
        refused += 1;
        return forward(others, body, near, answer);
      }
      if (!answer.headersSent) answer.writeHead(badGateway);
      answer.end();
    });
    far.end(body);
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    count: () => ready().length,
    refused: () => refused,
    add: ports => void replicas.set(ports, false),
    remove: ports => void replicas.delete(ports),
    async stop() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
