import {answerWithinMs, type ConsentDecision, decideConsent} from '../../core/consent.ts';
import type {Order} from '../../core/keywords.ts';
import type {Inbound} from '../../core/message.ts';
import type {InboundConsent, PhonePurge} from '../consent.ts';
import {toAsideLane, toLane} from '../keys.ts';
import type {JobRow, MessageRow} from '../rows.ts';
import * as sql from '../sql-consent.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {insertAnswer} from './answer.ts';
import {type ConsentRow, saidAtOf, setOne} from './consent.ts';
import {addEvent} from './events.ts';
import {heldById, holdPhone} from './hold.ts';
import {listLane} from './lane.ts';
import {lastWord, namesOf, outListsOf} from './names.ts';
import {endByPolicy} from './stop.ts';

/** One that comes so long after it was written had been missed: what the phone has said since then stands. */
const lateMs = 20_000;

/** Follows an order in the transaction that stores its text. */
export function* followOrder(
  db: Db,
  seq: number,
  {from: phone, receivedAt}: Pick<Inbound, 'from' | 'receivedAt'>,
  consent: InboundConsent,
): Work<ConsentDecision> {
  const {order, lists, detail, answer} = consent;
  const known = yield* outListsOf(db, phone);
  const out = lists.filter(list => known.includes(list));
  const late = db.now - receivedAt > lateMs ? {at: receivedAt} : undefined;
  const decision = yield* decide(db, {phone, out, late}, consent);
  const state = order.order === 'stop' ? 'out' : 'in';
  const changing = state === 'out' ? lists.slice(0, 1) : decision.change === 'in' ? out : [];
  for (const list of changing) {
    const source = order.by === 'carrier' ? 'carrier' : 'keyword';
    yield* setOne(db, {list, phone, state, source, detail, ...late}, seq);
  }
  if (decision.pass) {
    for (const list of lists) {
      for (const name of namesOf(db, phone)) yield* run(sql.grantPass, list, name, seq, db.now + answerWithinMs);
    }
  }
  if (decision.answer) yield* insertAnswer(db, answer);
  const {change = 'nothing', answer: answered} = decision;
  yield* addEvent(db, seq, 'order', {...order, change, answered, ...(late && {saidAt: late.at})});
  return decision;
}

interface Said {
  phone: string;
  /** The order's lists that it is on. */
  out: readonly string[];
  late: {at: number} | undefined;
}

function* decide(db: Db, {phone, out, late}: Said, consent: InboundConsent): Work<ConsentDecision> {
  const {order, rules, networkAnswers, lists} = consent;
  // A STOP is news to a list it is not on, whatever its carrier refused for this sender alone.
  const concerned = order.order === 'stop' ? lists.slice(0, 1) : out;
  const isOut = concerned.some(list => out.includes(list));
  const decision = decideConsent(order, rules, {isOut, networkAnswers});
  if (late !== undefined && (yield* isOvertaken(db, order.order, {phone, lists: concerned, ...late}))) {
    return {...decision, change: undefined, answer: false, pass: false};
  }
  if (decision.answer && (yield* isAnsweredLately(db, phone, consent))) return {...decision, answer: false};
  return decision;
}

/** A later word stands on one of its lists, or was said there again. */
function* isOvertaken(
  db: Db,
  order: Order,
  {phone, lists, at}: {phone: string; lists: readonly string[]; at: number},
): Work<boolean> {
  if (order === 'help') return false;
  for (const list of lists) {
    const last = yield* lastWord(db, list, phone);
    if (last !== undefined && saidAtOf(last) > at) return true;
  }
  return false;
}

/** Two machines that answer each other's words end at once: one answer to one order of one phone in so long. */
function* isAnsweredLately(db: Db, phone: string, {order, answer}: InboundConsent): Work<boolean> {
  const {platform, channel} = answer.outbound;
  const since = db.now - answerWithinMs;
  return (yield* row(sql.answeredLately, phone, platform, channel, since, `%"order":"${order.order}"%`)) !== undefined;
}

/** Whether this text is the one answer that may reach a phone although it is out. Asked again for the same text, the same is answered. */
export function* passConsent(db: Db, messageId: string, lists: string[]): Work<boolean> {
  const message = yield* heldById(db, messageId);
  if (message === undefined) return false;
  const out: ConsentRow[] = [];
  for (const list of lists) {
    const found = yield* lastWord(db, list, message.phone);
    if (found?.state === 'out') out.push(found);
  }
  if (!out.every(consent => mayPass(db, consent, message))) return false;
  for (const {list, phone} of out) yield* run(sql.usePass, list, phone, message.seq);
  return true;
}

export function* purgePhone(db: Db, {channels, phone, list, reason, limit}: PhonePurge): Work<number> {
  yield* holdPhone(db, phone);
  if (list !== undefined && (yield* lastWord(db, list, phone))?.state !== 'out') return 0;
  let purged = 0;
  for (const {platform, channel} of channels) {
    for (const lane of [toLane('outbound', platform, channel, phone), toAsideLane(platform, channel, phone)]) {
      yield* listLane(db, lane);
      const jobs = yield* rows<JobRow>(sql.waitingBulkOfLane, lane, limit - purged);
      for (const job of jobs) yield* endByPolicy(db, job, reason);
      purged += jobs.length;
      if (purged >= limit) return purged;
    }
  }
  return purged;
}

function mayPass(db: Db, consent: ConsentRow, {seq}: MessageRow): boolean {
  if (consent.pass_message !== null) return consent.pass_message === seq;
  return consent.pass_until !== null && consent.pass_until >= db.now && seq > consent.after_seq;
}
