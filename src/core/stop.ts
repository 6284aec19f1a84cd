import type {Queue} from './queue.ts';

/** Which texts of a queue: all that fit every member. */
export interface TextFilter {
  /** The far side's, canonical. */
  phone?: string;
  /** Accepted at this time or later, Unix ms. */
  acceptedAfter?: number;
  /** Accepted before this time, Unix ms. */
  acceptedBefore?: number;
}

/** What an operator stops, lets go, drains or purges. */
export type StopFilter = Partial<Queue> & TextFilter;

export function fitsQueue(filter: StopFilter, queue: Queue): boolean {
  return (
    (filter.kind ?? queue.kind) === queue.kind &&
    (filter.platform ?? queue.platform) === queue.platform &&
    (filter.channel ?? queue.channel) === queue.channel &&
    (filter.carrier ?? queue.carrier) === queue.carrier &&
    (filter.priority ?? queue.priority) === queue.priority
  );
}

/** Whether it is about some texts of its queues only: those can't be left out of a claim, each is looked at. */
export function isOfTexts({phone, acceptedAfter, acceptedBefore}: TextFilter): boolean {
  return phone !== undefined || acceptedAfter !== undefined || acceptedBefore !== undefined;
}

/** Whether nothing of the queues that a pause, a drain or a parking fits leaves by it. A drain lets all leave but by its carrier. */
export function isClosing({kind, filter}: {kind: 'paused' | 'draining' | 'parked'; filter: StopFilter}): boolean {
  return kind === 'draining' ? filter.carrier !== undefined : !isOfTexts(filter);
}

export function fitsText(
  {phone, acceptedAfter = 0, acceptedBefore = Number.POSITIVE_INFINITY}: TextFilter,
  text: {phone: string; acceptedAt: number},
): boolean {
  const isInTime = text.acceptedAt >= acceptedAfter && text.acceptedAt < acceptedBefore;
  return isInTime && (phone ?? text.phone) === text.phone;
}

export function toTextFilter({phone, acceptedAfter, acceptedBefore}: StopFilter): TextFilter {
  return {
    ...(phone !== undefined && {phone}),
    ...(acceptedAfter !== undefined && {acceptedAfter}),
    ...(acceptedBefore !== undefined && {acceptedBefore}),
  };
}

/** One text for one filter, whatever the order of its keys. */
export function toFilterKey(filter: StopFilter): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1))));
}
