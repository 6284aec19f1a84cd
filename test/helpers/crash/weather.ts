import type {Peers} from '../../../src/sandbox/peers.ts';
import type {Random} from './random.ts';

const everyMs = 150;
const nexusDelayMs = 40;
const manyTexts = 50_000;

/**
 * How carriers and Nexus behave meanwhile: everything takes a moment, so that there is always something in flight; receipts come early, doubled, late,
 * and Twilio's callbacks in any order. The function answered ends it.
 */
export function startWeather({nexus, smsc, twilio}: Peers, random: Random): () => void {
  nexus.fault({delayMs: nexusDelayMs});
  twilio.fail(...Array.from({length: manyTexts}, () => ({kind: 'slow', ms: random.between(10, 80)}) as const));
  const {receipts} = smsc.faults;
  const isEarly = random.chance(0.3);
  if (isEarly) twilio.behave({callbacks: 'early'});
  const timer = setInterval(() => {
    receipts.early = random.chance(0.4);
    receipts.doubled = random.chance(0.4);
    receipts.delayMs = random.pick([0, 0, 20, 200]);
    if (!isEarly) twilio.behave({callbacks: random.pick(['normal', 'normal', 'doubled', 'reversed', 'dropped'])});
  }, everyMs);
  return () => clearInterval(timer);
}
