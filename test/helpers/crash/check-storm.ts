import {checkHeard, checkHeardOrder, checkReceipts} from './check-posts.ts';
import {checkOnce, checkSentOrder, checkStates, toArrivals} from './check-sent.ts';
import {eventsOf} from './evidence.ts';
import type {Storm, StormOptions} from './storm.ts';

/** Every promise that was not kept, as a sentence. */
export function checkStorm(storm: Storm, {signal}: Pick<StormOptions, 'signal'>): string[] {
  // A process that was asked to stop leaves nothing that its successor could not know.
  const evidence = signal === 'SIGKILL' ? storm : {...storm, runs: []};
  const arrivals = toArrivals(evidence);
  return [
    ...storm.promises.strange,
    ...storm.faults.map(line => `logged as an error: ${line}`),
    ...checkDeadLetters(storm),
    ...checkExits(storm, signal),
    ...checkOnce(evidence, arrivals),
    ...checkStates(evidence, arrivals),
    ...checkSentOrder(evidence, arrivals),
    ...checkReceipts(evidence),
    ...checkHeard(evidence),
    ...checkHeardOrder(evidence),
  ];
}

function checkDeadLetters({deadLetters, outbound}: Storm): string[] {
  const failed = new Set(outbound.filter(({state}) => state === 'failed').map(({messageId}) => messageId));
  return deadLetters.filter(({messageId}) => !failed.has(messageId)).map(({reason}) => `a dead letter ${reason}`);
}

function checkExits({runs, lastExit}: Storm, signal: StormOptions['signal']): string[] {
  const ended = runs.slice(0, -1).map(({exit}) => exit);
  const isRight = (exit: Storm['lastExit'], by: StormOptions['signal']) =>
    by === 'SIGKILL' ? exit?.signal === 'SIGKILL' : exit?.code === 0;
  const wrong = ended.filter(exit => !isRight(exit, signal));
  if (!isRight(lastExit, 'SIGTERM')) wrong.push(lastExit);
  return wrong.map(exit => `the gateway ended with ${JSON.stringify(exit)}`);
}

/** How much of what the test is about has happened in it. */
export function summarize(storm: Storm): Record<string, number> {
  const {outbound, inbound, peers, runs} = storm;
  return {
    processes: runs.length,
    endedWhileStarting: runs.filter(({readyAt}) => readyAt === undefined).length,
    outbound: outbound.length,
    interrupted: outbound.filter(known => eventsOf(known, 'unknown').length > 0).length,
    unknown: outbound.filter(({state}) => state === 'unknown').length,
    sent: outbound.filter(({state}) => state === 'sent').length,
    failed: outbound.filter(({state}) => state === 'failed').length,
    submits: peers.smsc.submits.length,
    inbound: inbound.length,
    inboundPosts: peers.nexus.messages.length,
    receiptPosts: peers.nexus.receipts.length,
  };
}
