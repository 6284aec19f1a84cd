import type {Log} from '../../core/log.ts';

/** An SMSC can do without some TLVs: they are left out for good once it refuses them. What headers and settings bring is no such one. */
export interface OptionalTlvs {
  /** Whether a try of this text is to have them. */
  isFor(messageId: string): boolean;
  /** A TLV of a text that had them was refused: its next try has none. `others` went with them, and may be what is wrong. */
  refused(messageId: string, others: boolean, bind: string): void;
  /** How a try without them went: a text that is taken so shows what was wrong. */
  tried(messageId: string, isTaken: boolean, bind: string): void;
}

export const optionalTlvs: readonly string[] = ['user_message_reference', 'more_messages_to_send'];

/** Kept in memory: after a restart the SMSC says it again. */
const maxSuspects = 10_000;

export function createOptionalTlvs(log: Log): OptionalTlvs {
  const suspects = new Set<string>();
  let isOff = false;

  return {
    isFor: messageId => !isOff && !suspects.has(messageId),
    refused(messageId, others, bind) {
      if (!others) return leaveOut(bind);
      if (suspects.size < maxSuspects) suspects.add(messageId);
      else leaveOut(bind);
    },
    tried(messageId, isTaken, bind) {
      if (suspects.delete(messageId) && isTaken) leaveOut(bind);
    },
  };

  function leaveOut(bind: string): void {
    if (isOff) return;
    isOff = true;
    suspects.clear();
    log.warn('smpp.tlvs_refused', {bind, advice: 'set userMessageReference and moreMessagesToSend to false'});
  }
}
