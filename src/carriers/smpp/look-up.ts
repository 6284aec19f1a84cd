import type {ReceiptEvent} from '../../core/event.ts';
import type {SentSegment} from '../carrier.ts';
import {toQueryFields, toQueryReceipt} from './query.ts';
import type {BindChoice} from './session/choice.ts';
import type {Reply} from './session/in-flight.ts';
import type {Settings} from './settings.ts';

export interface LookUpOptions {
  choice: BindChoice;
  /** As they are at present. */
  settings(): Settings;
  isStopped(): boolean;
  now(): number;
}

/** Beside texts: they come first, and a window full of questions would hold them up. */
const mostAtOnce = 5;
const roomWithinMs = 10_000;
/** Whoever could not be asked for so long is not waited for. */
const askWithinMs = 7 * 86_400_000;

/** By query_sm, which many SMSCs answer for a day or not at all. What could not be asked now is to be asked again. */
export function createLookUp({choice, settings, isStopped, now}: LookUpOptions) {
  const waiting: Array<() => void> = [];
  let asking = 0;

  return async function lookUp(sent: SentSegment): Promise<ReceiptEvent | 'busy' | undefined> {
    if (sent.carrierMessageId === undefined) return undefined;
    await begin();
    const reply = await ask(sent).finally(end);
    if (reply?.kind === 'response' && !isForLater(reply)) return toQueryReceipt(reply.pdu, sent, now());
    if (isStopped()) return 'busy';
    return reply?.kind !== 'silent' && now() - sent.startedAt < askWithinMs ? 'busy' : undefined;
  };

  function isForLater({pdu}: Reply & {kind: 'response'}): boolean {
    return settings().codes[pdu.status]?.genericErrorCode === 2;
  }

  async function ask(sent: SentSegment): Promise<Reply | undefined> {
    const deadline = performance.now() + roomWithinMs;
    for (;;) {
      const bind = isStopped() ? undefined : choice.pick(sent.outbound.messageId, 0, 1);
      if (bind !== undefined) return await bind.query(toQueryFields(sent, settings().submit));
      const mayBe = !isStopped() && (await choice.room(Math.max(deadline - performance.now(), 0)));
      if (!mayBe) return undefined;
    }
  }

  async function begin(): Promise<void> {
    if (asking >= mostAtOnce) await new Promise<void>(resolve => waiting.push(resolve));
    else asking += 1;
  }

  /** The place goes to who waits longest. */
  function end(): void {
    const next = waiting.shift();
    if (next === undefined) asking -= 1;
    else next();
  }
}
