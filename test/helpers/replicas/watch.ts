import type {Peers} from '../../../src/sandbox/peers.ts';
import type {SmscEvent} from '../../../src/sandbox/smsc.ts';
import type {PretendTwilioEvent} from '../../../src/sandbox/twilio.ts';
import {clock} from '../crash/clock.ts';
import {toLoud} from '../crash/quiet.ts';
import {serialOf} from '../crash/texts.ts';
import type {Looks} from './looks.ts';

/** A segment was read at `at`, and had come at most `lateMs` before: the SMSC shares its process with the load and with Nexus. */
export interface Seen {
  at: number;
  lateMs: number;
}

const firstId = 0x5a00_0000;
const finals: readonly string[] = ['delivered', 'undelivered', 'failed'];

/** What the pretend carriers saw. */
export function createWatch(isFailing: (serial: number) => boolean, looks: Looks) {
  const seen: Seen[] = [];
  const receipted = new Set<string>();
  const calledBack = new Map<string, string>();
  let heardAt = 0;
  let ids = firstId;
  let bound = 0;
  let mostBinds = 0;
  const open = new Set<number>();

  function onSmsc(event: SmscEvent): void {
    if (event.event === 'submit') seen.push({at: event.submit.at, lateMs: looks.lateMs()});
    if (event.event === 'receipt' && event.answer === 0) receipted.add(event.messageId);
    if (event.event === 'bound') open.add(event.session);
    if (event.event === 'closed') open.delete(event.session);
    bound = open.size;
    mostBinds = Math.max(mostBinds, bound);
  }

  function onTwilio(event: PretendTwilioEvent): void {
    heardAt = clock();
    if (event.event !== 'called-back' || !finals.includes(event.status)) return;
    if (event.answer.status >= 200 && event.answer.status < 300) calledBack.set(event.message.sid, event.status);
  }

  return {
    seen,
    receipted,
    calledBack,
    mostBinds: () => mostBinds,
    loud: ({smsc}: Peers) => toLoud(smsc.submits, receipted, heardAt),
    peersOptions: {
      smsc: {
        latencyMs: 40,
        newMessageId: () => {
          ids += 1;
          return ids.toString(16);
        },
        receipts: ({text}: {text: string}) => (isFailing(serialOf(text)) ? ('UNDELIV' as const) : ('DELIVRD' as const)),
        onEvent: onSmsc,
      },
      twilio: {onEvent: onTwilio},
    },
  };
}
