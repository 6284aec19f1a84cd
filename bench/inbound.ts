import {parseArgs} from 'node:util';
import {made} from '../src/sandbox/peers.ts';
import {startBenchGateway} from './lib/gateway.ts';
import {createLedger, toPhone, untilSeen} from './lib/ledger.ts';
import {inParallel} from './lib/load.ts';
import {startBenchPeers} from './lib/peers.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {printTable, writeResult} from './lib/report.ts';
import {interleave, type Rival, toRatioResults, toRows, warmUps} from './lib/rounds.ts';
import {startYardstick} from './lib/yardstick.ts';

/** Texts from phones: deliver_sm → stored → answered → signed post. Every message is counted to its end. */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '10000'},
    rounds: {type: 'string', default: '5'},
    /** deliver_sm in flight. */
    window: {type: 'string', default: '100'},
    /** A folder for the gateway's CPU profiles. */
    profile: {type: 'string'},
  },
});
const [count, rounds, window] = [Number(values.count), Number(values.rounds), Number(values.window)];
const pairs = [['inbound', 'bare']] as const;
const plusOne = 1;

leaveCoreZero();
const ledger = createLedger({first: 0, count: count * (warmUps + rounds), steps: ['answered', 'posted', 'refused']});
const peers = await startBenchPeers({inbound: phone => void ledger.mark('posted', phone)});
const gateway = await startBenchGateway({peers, ...(values.profile !== undefined && {profileTo: values.profile})});
const bare = await startYardstick({count, connections: 64});

const inbound: Rival = {
  name: 'inbound',
  async run(round) {
    const first = round * count;
    await inParallel(window, count, async index => {
      const phone = toPhone(first + index);
      const answer = await peers.smsc.deliver({
        sourceTon: plusOne,
        sourceNpi: plusOne,
        source: phone,
        destinationTon: plusOne,
        destinationNpi: plusOne,
        destination: made.smppChannel,
        shortMessage: Buffer.from(`Where is my order ${first + index}? It should have been here this morning.`),
      });
      ledger.mark(answer === 0 ? 'answered' : 'refused', phone);
    });
    await untilSeen(() => ledger.seen('posted'), first + count, 'texts of phones were posted');
    check(first + count);
  },
  cpuUs: gateway.process.cpuUs,
  loopUs: gateway.process.loopUs,
  residentBytes: gateway.process.residentBytes,
};
const results = await interleave([bare, inbound], count, rounds);
await Promise.all([gateway.stop(), bare.stop(), peers.stop()]);
check(count * (warmUps + rounds));
printTable(toRows(results, pairs));
writeResult('inbound', {count, rounds, window, results, ratios: toRatioResults(results, pairs)});

function check(upTo: number): void {
  ledger.check(({answered, posted, refused}) => answered === 1 && posted === 1 && refused === 0, upTo);
}
