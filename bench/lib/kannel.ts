import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Pool} from 'undici';
import {findFreePort} from './free-port.ts';
import {type KannelConfig, toKannelConfig} from './kannel-config.ts';
import {createLedger, toPhone, untilSeen} from './ledger.ts';
import {inParallel} from './load.ts';
import {startBenchPeers} from './peers.ts';
import {type Pinned, startProgram} from './pinned.ts';
import {type Rival, warmUps} from './rounds.ts';

export interface KannelOptions {
  name: string;
  count: number;
  rounds: number;
  connections: number;
  store: KannelConfig['store'];
}

export interface KannelRival extends Rival {
  stop(): Promise<void>;
}

const [bearerbox, smsbox] = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox'];
const startWithinMs = 60_000;
const text =
  'Your order 1234 has shipped and will be with you tomorrow between nine and twelve. Reply STOP to opt out.';

export function hasKannel(): boolean {
  return existsSync(bearerbox) && existsSync(smsbox);
}

/** As Debian's package says it is. */
export function kannelVersion(): string {
  return spawnSync('dpkg-query', ['-W', 'kannel']).stdout?.toString().trim() ?? '';
}

/** Kannel with both its processes on the gateway's core: sendsms by HTTP → submit_sm → receipt → a callback by HTTP, each counted. */
export async function startKannel(options: KannelOptions): Promise<KannelRival> {
  const {name, count, rounds, connections} = options;
  const ledger = createLedger({
    first: 0,
    count: count * (warmUps + rounds),
    steps: ['accepted', 'submitted', 'told', 'other'],
  });
  const peers = await startBenchPeers({submitted: phone => void ledger.mark('submitted', phone)});
  const sink = await startSink(query => {
    ledger.mark(query.get('type') === '1' ? 'told' : 'other', query.get('phone') ?? '');
  });
  const boxes = await startBoxes(options, peers.smsc.port);

  function check(upTo: number): void {
    ledger.check(
      ({accepted, submitted, told, other}) => accepted === 1 && submitted === 1 && told === 1 && other === 0,
      upTo,
    );
  }

  return {
    name,
    async run(round) {
      const first = round * count;
      const pool = new Pool(boxes.url, {connections});
      await inParallel(connections, count, async index => {
        const phone = toPhone(first + index);
        const answer = await pool.request({method: 'GET', path: toPath(phone, sink.url)});
        await answer.body.dump();
        ledger.mark(answer.statusCode === 202 ? 'accepted' : 'other', phone);
      });
      await pool.close();
      await untilSeen(() => ledger.seen('told'), first + count, `receipts of ${name} came`);
      check(first + count);
    },
    cpuUs: () => boxes.all.reduce((sum, box) => sum + box.cpuUs(), 0),
    residentBytes: () => boxes.all.reduce((sum, box) => sum + box.residentBytes(), 0),
    async stop() {
      await boxes.stop();
      await Promise.all([peers.stop(), sink.stop()]);
      check(count * (warmUps + rounds));
    },
  };
}

/** What Kannel calls back, where the gateway has its Nexus. */
async function startSink(onCall: (query: URLSearchParams) => void) {
  const server = createServer({keepAliveTimeout: 60_000}, (request, response) => {
    onCall(new URLSearchParams(request.url?.split('?')[1]));
    // It calls again after any other answer than 200 and 202.
    response.writeHead(200, {'content-length': 0}).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function startBoxes({store}: KannelOptions, smscPort: number) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-kannel-'));
  mkdirSync(join(folder, 'store'));
  const ports = {admin: await findFreePort(), boxes: await findFreePort(), sendSms: await findFreePort()};
  const file = join(folder, 'kannel.conf');
  writeFileSync(file, toKannelConfig({folder, smscPort, store, ports}));
  const args = ['-v', '3', file];
  const all: Pinned[] = [startProgram({core: 0, program: bearerbox, args, quiet: true})];
  const status = `http://127.0.0.1:${ports.admin}/status.txt?password=bench`;
  await untilAnswered(status, answer => answer.includes('online'));
  all.push(startProgram({core: 0, program: smsbox, args, quiet: true}));
  const url = `http://127.0.0.1:${ports.sendSms}`;
  await untilAnswered(`${url}/`, () => true);
  return {
    all,
    url,
    async stop() {
      for (const box of all.toReversed()) await box.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

async function untilAnswered(url: string, isRight: (answer: string) => boolean): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  while (performance.now() < deadline) {
    const answer = await fetch(url).then(
      found => found.text(),
      () => undefined,
    );
    if (answer !== undefined && isRight(answer)) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`Kannel was not up within ${startWithinMs / 1000} s: ask ${url} what is wrong.`);
}

function toPath(phone: string, sinkUrl: string): string {
  const query = new URLSearchParams({
    username: 'bench',
    password: 'bench',
    from: '12345',
    to: phone,
    charset: 'UTF-8',
    coding: '0',
    text,
    'dlr-mask': '3',
    'dlr-url': `${sinkUrl}/dlr?phone=${phone}&type=%d`,
  });
  return `/cgi-bin/sendsms?${query}`;
}
