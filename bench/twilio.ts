import {parseArgs} from 'node:util';
import {findFreePort} from './lib/free-port.ts';
import {startPath} from './lib/path.ts';
import {moreChannels} from './lib/peers.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {printTable, writeResult} from './lib/report.ts';
import {interleave, toRatioResults, toRows} from './lib/rounds.ts';
import {startYardstick} from './lib/yardstick.ts';

/** The whole path by Twilio: webhook → stored → POST to a local Twilio → three signed callbacks → signed post. Every message is counted to its end. */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '5000'},
    rounds: {type: 'string', default: '5'},
    /** A folder for the gateway's CPU profiles. */
    profile: {type: 'string'},
  },
});
const [count, rounds, connections] = [Number(values.count), Number(values.rounds), 64];
const common = {count, rounds, connections};
const pairs = [['Twilio', 'bare']] as const;
/** Twilio paces each sender, at 2,000 segments a second at most: four of them are not what is measured. */
const carriers = [{carrier: 'twilio-main', messagesPerSecond: 2000}];

leaveCoreZero();
const path = await startPath({
  name: 'Twilio',
  ...common,
  channels: moreChannels,
  callbacks: 3,
  publicPort: await findFreePort(),
  more: {twilio: '    concurrency: 100'},
  serves: moreChannels.map(id => ({id, carriers, priority: 'interactive'})),
  ...(values.profile !== undefined && {profileTo: values.profile}),
});
const bare = await startYardstick(common);
const results = await interleave([bare, path], count, rounds);
await Promise.all([path.stop(), bare.stop()]);
printTable(toRows(results, pairs));
writeResult('twilio', {count, rounds, results, ratios: toRatioResults(results, pairs)});
