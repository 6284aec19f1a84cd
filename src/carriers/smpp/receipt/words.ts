import type {ReceiptState} from '../../../core/state.ts';

export interface StatMeaning {
  state: ReceiptState;
  final: boolean;
}

/** ACCEPTD and UNKNOWN are final by SMPP 3.4 5.2.28 and are followed by others in practice. */
const meanings: Readonly<Record<string, StatMeaning>> = {
  SCHEDLD: {state: 'sent', final: false},
  ENROUTE: {state: 'sent', final: false},
  DELIVRD: {state: 'delivered', final: true},
  EXPIRED: {state: 'expired', final: true},
  DELETED: {state: 'failed', final: true},
  UNDELIV: {state: 'failed', final: true},
  ACCEPTD: {state: 'sent', final: false},
  UNKNOWN: {state: 'sent', final: false},
  REJECTD: {state: 'failed', final: true},
  SKIPPED: {state: 'failed', final: true},
  FAILED: {state: 'failed', final: true},
  NOROUTE: {state: 'failed', final: true},
  BUFFRED: {state: 'sent', final: false},
};

/** Other spellings of the same words. */
const spellings: Readonly<Record<string, string>> = {
  SCHEDULED: 'SCHEDLD',
  DELIVERED: 'DELIVRD',
  DELIVERD: 'DELIVRD',
  UNDELIVERABLE: 'UNDELIV',
  UNDELIVERED: 'UNDELIV',
  UNDELIVRD: 'UNDELIV',
  ACCEPTED: 'ACCEPTD',
  REJECTED: 'REJECTD',
  BUFFERED: 'BUFFRED',
  BUFFERD: 'BUFFRED',
  EXPIRD: 'EXPIRED',
  FAIL: 'FAILED',
};

/** By message_state, SMPP 5.0 4.7.15. */
const states = [
  'SCHEDLD',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
  'SKIPPED',
] as const;

/** An unknown word tells nothing for certain: it is kept and changes no state. */
export function toMeaning(stat: string): StatMeaning {
  return isKnownWord(stat) ? (meanings[stat] ?? unheard) : unheard;
}

export function isKnownWord(stat: string): boolean {
  return Object.hasOwn(meanings, stat);
}

/** The standard's TLV first; its UNKNOWN yields to a word that says more. */
export function toStat(state: number | undefined, word: string | undefined): string {
  const fromTlv = state === undefined ? undefined : states[state];
  const fromText = word === undefined || word === '' ? undefined : toWord(word);
  if (fromTlv === undefined || fromTlv === 'UNKNOWN') return fromText ?? fromTlv ?? 'UNKNOWN';
  return fromTlv;
}

/** As the table above writes it. */
export function toWord(stat: string): string {
  const word = stat.toUpperCase().slice(0, 20);
  const numbered = /^\d$/.test(word) ? states[Number(word)] : undefined;
  return numbered ?? (Object.hasOwn(spellings, word) ? (spellings[word] ?? word) : word);
}

const unheard: StatMeaning = {state: 'sent', final: false};
