import type {ReceiptEvent} from '../../core/event.ts';
import {fitsTextMark, type TextMark} from '../../core/text-mark.ts';
import type {OutboundBody, SegmentRow} from '../rows.ts';
import {payloadBody} from '../sql-people.ts';
import {type Db, row, type Work} from '../work.ts';

/** A segment that an orphan receipt may speak of. */
export type Suspect = SegmentRow & {phone: string; address: string; message_id: string};

/** An SMSC writes whole minutes, by its own clock, and takes a text within its response time-out. */
const earlierMs = 120_000;
const laterMs = 300_000;

/** The one segment that nothing else the receipt says speaks against: sender, submit time, beginning of the text. None or several are none. */
export function* onlyFitting(
  db: Db,
  suspects: readonly Suspect[],
  {about, coversMessage}: ReceiptEvent,
): Work<SegmentRow | undefined> {
  const inTime = suspects.filter(suspect => isFrom(suspect, about?.sender) && isOfTime(suspect, about?.submittedAt));
  const fitting: Suspect[] = [];
  for (const suspect of inTime) if (yield* hasText(db, suspect, about?.text)) fitting.push(suspect);
  const [first, ...others] = fitting;
  if (coversMessage === true) {
    return others.every(({message, cycle}) => message === first?.message && cycle === first.cycle) ? first : undefined;
  }
  return others.length === 0 ? first : undefined;
}

function isFrom({address}: Suspect, sender: string | undefined): boolean {
  return sender === undefined || sender.replace(/^\+/, '') === address.replace(/^\+/, '');
}

function isOfTime({started_at: startedAt}: Suspect, submittedAt: number | undefined): boolean {
  return submittedAt === undefined || (submittedAt > startedAt - earlierMs && submittedAt < startedAt + laterMs);
}

/** A text that is forgotten, or can't be opened here, speaks against nothing. */
function* hasText({vault}: Db, {message, message_id: id, idx}: Suspect, mark: TextMark | undefined): Work<boolean> {
  if (mark === undefined) return true;
  const payload = yield* row<{body: string | null}>(payloadBody, message);
  if (payload === undefined || payload.body === null || !vault.opens(payload.body)) return true;
  const {text}: OutboundBody = JSON.parse(vault.open(payload.body, `${id} body`));
  return fitsTextMark(text, mark, idx === 0);
}
