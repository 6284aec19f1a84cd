import type {Carrier, SentSegment} from '../carriers/carrier.ts';
import {entryOf} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {SegmentState} from '../core/state.ts';
import type {LookedUp} from '../core/watch.ts';
import type {SentRecord, Store, Watched} from '../store/store.ts';
import type {Routes} from './routes.ts';

export interface LookUpOptions {
  store: Store;
  carriers(): ReadonlyMap<string, Carrier>;
  routes: Routes;
  log: Log;
}

/** Asks the carrier what became of a text nobody has told us the end of, and hands its answer in like a receipt. */
export function createLookUp({store, carriers, routes, log}: LookUpOptions) {
  const inTurn = createTurns();

  async function lookUp({messageId, platform, channel, carrier: name}: Watched): Promise<LookedUp> {
    const carrier = carriers().get(name);
    const known = routes.find(platform, channel);
    const entry = known && entryOf(known, name);
    if (carrier?.lookUp === undefined || entry === undefined) return 'nothing';
    const record = await store.sent(messageId);
    const open = findState(record, 'unknown') ?? findState(record, 'taken');
    if (record === undefined || open === undefined) return 'nothing';
    const {outbound} = record;
    const {attempt, startedAt, carrierMessageId, index: segment} = open;
    const isClaimed = (id: string) => store.isClaimed(name, id);
    const sent = {outbound, entry, segment, attempt, startedAt, carrierMessageId, isClaimed};
    if (carrierMessageId !== undefined) return ask(carrier, sent);
    // Of two equal texts to one phone the second must see what the first has claimed.
    return inTurn(`${name} ${outbound.to}`, () => ask(carrier, sent));
  }

  async function ask(carrier: Carrier, sent: SentSegment): Promise<LookedUp> {
    const {messageId, traceId} = sent.outbound;
    const {name} = carrier;
    const receipt = await carrier.lookUp?.(sent);
    if (receipt === 'busy' || receipt === 'unanswered') return receipt;
    log.info('send.looked_up', {
      messageId,
      traceId,
      carrier: name,
      found: receipt !== undefined,
      state: receipt?.state,
    });
    if (receipt === undefined) return 'nothing';
    await store.note(messageId, 'looked_up', {carrier: name, state: receipt.state});
    await store.receipt(name, receipt);
    return 'found';
  }

  return lookUp;
}

/** Tasks of one name one after the other; others are not held up. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return function inTurn<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const before = last.get(name) ?? Promise.resolve();
    const own = before.then(task, task);
    const done = own
      .catch(() => {})
      .then(() => {
        if (last.get(name) === done) last.delete(name);
      });
    last.set(name, done);
    return own;
  };
}

function findState(record: SentRecord | undefined, wanted: SegmentState) {
  return record?.segments.find(({state}) => state === wanted);
}
