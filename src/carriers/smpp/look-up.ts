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
  const waiting: Array<(isTheirs: boolean) => void> = [];
  let asking = 0;

  return async function lookUp(sent: SentSegment): Promise<ReceiptEvent | 'busy' | undefined> {
    if (sent.carrierMessageId === undefined) return undefined;
    const reply = (await begin()) ? await askInTurn(sent) : undefined;
    if (isAnswer(reply)) return toQueryReceipt(reply.pdu, sent, now());
    if (isStopped()) return 'busy';
    return reply?.kind !== 'silent' && now() - sent.startedAt < askWithinMs ? 'busy' : undefined;
  };

  async function askInTurn(sent: SentSegment): Promise<Reply | undefined> {
    let reply: Reply | undefined;
    try {
      reply = await ask(sent);
    } finally {
      end(isAnswer(reply));
    }
    return reply;
  }

  /** Not what says that it is for later. */
  function isAnswer(reply: Reply | undefined): reply is Reply & {kind: 'response'} {
    return reply?.kind === 'response' && settings().codes[reply.pdu.status]?.genericErrorCode !== 2;
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

  async function begin(): Promise<boolean> {
    if (asking >= mostAtOnce) return new Promise(resolve => waiting.push(resolve));
    asking += 1;
    return true;
  }

  /** The place goes to who waits longest. Where no answer came nobody waits on: each would wait as long, and others with them. */
  function end(wasAnswered: boolean): void {
    const next = wasAnswered ? waiting.shift() : undefined;
    if (next === undefined) asking -= 1;
    next?.(true);
    if (!wasAnswered) for (const tell of waiting.splice(0)) tell(false);
  }
}
