import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {made} from '../../src/sandbox/peers.ts';
import type {LeastOptions} from '../least/options.ts';
import {nodeFlags} from './flags.ts';
import {createLedger, toPhone, untilSeen} from './ledger.ts';
import {postWebhooks} from './load.ts';
import {startBenchPeers} from './peers.ts';
import {startProgram} from './pinned.ts';
import {type Rival, warmUps} from './rounds.ts';

export interface LeastRivalOptions {
  name: string;
  count: number;
  rounds: number;
  connections: number;
  /** False: texts are held in memory alone. */
  keeps: boolean;
  /** False: texts are taken and go nowhere. */
  sends: boolean;
}

export interface LeastRival extends Rival {
  stop(): Promise<void>;
}

const server = new URL('../least/server.ts', import.meta.url).pathname;
const {webhookSecret, apiSecret, ccid, systemId, password} = made;

/** `least/server.ts` on the gateway's core, under the same webhooks and between the same peers. */
export async function startLeast({
  name,
  count,
  rounds,
  connections,
  keeps,
  sends,
}: LeastRivalOptions): Promise<LeastRival> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-least-'));
  const all = count * (warmUps + rounds);
  const ledger = createLedger({first: 0, count: all, steps: ['accepted', 'submitted', 'delivered', 'other']});
  const peers = await startBenchPeers({
    submitted: phone => void ledger.mark('submitted', phone),
    receipt: (phone, status) => void ledger.mark(status === 'Delivered' ? 'delivered' : 'other', phone),
  });
  const options: LeastOptions = {
    file: keeps ? join(folder, 'least.db') : undefined,
    webhookSecret,
    apiSecret,
    ccid,
    nexusUrl: peers.nexus.url,
    smsc: sends ? {port: peers.smsc.port, systemId, password, window: 100} : undefined,
  };
  const env = {LEAST: JSON.stringify(options)};
  const child = startProgram({core: 0, program: process.execPath, args: [...nodeFlags, server], env});
  const url = `http://127.0.0.1:${(await child.line(line => line.startsWith('port '))).slice(5)}`;
  const once = sends ? 1 : 0;

  function check(upTo: number): void {
    ledger.check(
      times => times.accepted === 1 && times.submitted === once && times.delivered === once && times.other === 0,
      upTo,
    );
  }

  return {
    name,
    async run(round) {
      const first = round * count;
      await postWebhooks({
        url,
        first,
        count,
        connections,
        onAnswer: ({number, status}) => void ledger.mark(status === 200 ? 'accepted' : 'other', toPhone(number)),
      });
      if (sends) await untilSeen(() => ledger.seen('delivered'), first + count, `receipts of ${name} came`);
      check(first + count);
    },
    cpuUs: child.cpuUs,
    loopUs: child.loopUs,
    residentBytes: child.residentBytes,
    async stop() {
      await child.stop();
      await peers.stop();
      rmSync(folder, {recursive: true, force: true});
      check(all);
    },
  };
}
