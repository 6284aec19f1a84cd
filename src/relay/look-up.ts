import type {Carrier} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {SegmentState} from '../core/state.ts';
import type {SentRecord, Store, Watched} from '../store/store.ts';
import type {Routes} from './routes.ts';

export interface LookUpOptions {
  store: Store;
  carriers: ReadonlyMap<string, Carrier>;
  routes: Routes;
  log: Log;
}

/** `found`: the carrier told what became of it. `busy`: it is to be asked a little later. */
export type LookedUp = 'found' | 'busy' | 'nothing';

/** Asks the carrier what became of a text nobody has told us the end of, and hands its answer in like a receipt. */
export function createLookUp({store, carriers, routes, log}: LookUpOptions) {
  return async function lookUp({messageId, platform, channel, carrier: name}: Watched): Promise<LookedUp> {
    const carrier = carriers.get(name);
    const entry = routes.find(platform, channel)?.carriers.find(candidate => candidate.carrier === name);
    if (carrier?.lookUp === undefined || entry === undefined) return 'nothing';
    const record = await store.sent(messageId);
    const open = findState(record, 'unknown') ?? findState(record, 'taken');
    if (record === undefined || open === undefined) return 'nothing';
    const {attempt, startedAt, carrierMessageId, index: segment} = open;
    const isClaimed = (id: string) => store.isClaimed(name, id);
    const sent = {outbound: record.outbound, entry, segment, attempt, startedAt, carrierMessageId, isClaimed};
    const receipt = await carrier.lookUp(sent);
    if (receipt === 'busy') return receipt;
    log.info('send.looked_up', {messageId, carrier: name, found: receipt !== undefined, state: receipt?.state});
    if (receipt === undefined) return 'nothing';
    await store.note(messageId, 'looked_up', {carrier: name, state: receipt.state});
    await store.receipt(name, receipt);
    return 'found';
  };
}

function findState(record: SentRecord | undefined, wanted: SegmentState) {
  return record?.segments.find(({state}) => state === wanted);
}
