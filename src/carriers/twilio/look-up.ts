import type twilioLibrary from 'twilio';
import type {MessageInstance} from 'twilio/lib/rest/api/v2010/account/message.js';
import type {ReceiptEvent} from '../../core/event.ts';
import type {CarrierContext, SentSegment} from '../carrier.ts';
import {ApiFault, isAboutThisOne} from './api-fault.ts';
import {createBudget} from './budget.ts';
import {withHeaders} from './extra-headers.ts';
import {entry as entrySchema, type TwilioOptions} from './options.ts';
import {toStatusPairs} from './resource.ts';
import {toReceipt} from './status.ts';
import {splitBody} from './text.ts';
import {createTurns} from './turns.ts';
import {toParties} from './wire.ts';

export interface LookUpOptions {
  client: twilioLibrary.Twilio;
  settings: TwilioOptions;
  context: CarrierContext;
  isStopped(): boolean;
}

/** An equal text on its way at the same moment must have its id on disk before we look. */
const settledAfterMs = 60_000;
/** Clocks differ, and the create may have waited for its answer. */
const toleranceMs = 120_000;
const mostListed = 200;
/** The account's texts go by the same API, which takes only so many calls at once (error 20429). */
const mostAtOnce = 4;
/** Who asks about many texts waits for all of them. */
const turnWithinMs = 10_000;

/** Asks Twilio what became of a segment: by its id, or by recipient, sender, time and text when no id ever came. */
export function createLookUp({client, settings, context, isStopped}: LookUpOptions) {
  const {name, now, log} = context;
  const budget = createBudget(settings.recovery.sendsPerMinute);
  const turns = createTurns(mostAtOnce, turnWithinMs);

  return async function lookUp(sent: SentSegment): Promise<ReceiptEvent | 'busy' | 'unanswered' | undefined> {
    if (!(await turns.begin())) return 'busy';
    try {
      return isStopped() ? 'busy' : await ask(sent);
    } finally {
      turns.end();
    }
  };

  async function ask(sent: SentSegment): Promise<ReceiptEvent | 'busy' | 'unanswered' | undefined> {
    const {messageId, traceId} = sent.outbound;
    if (sent.carrierMessageId !== undefined && !budget.spend(now())) return 'busy';
    try {
      const message = await withHeaders({'x-b3-traceid': traceId}, () => find(sent));
      if (message === undefined) return undefined;
      const receipt = toReceipt(toStatusPairs(message), now(), settings.errors, settings.resend);
      if (receipt === undefined || receipt === 'ignored') return undefined;
      log.info('twilio.looked_up', {carrier: name, messageId, traceId, status: message.status});
      return {...receipt, messageId, attempt: sent.attempt};
    } catch (fault) {
      // Cut off by our own end: nothing may be decided by it.
      if (isStopped()) return 'busy';
      const why = fault instanceof ApiFault ? fault.message : 'its answer could not be read';
      log.warn('twilio.look_up_failed', {carrier: name, messageId, traceId, why});
      return isAboutThisOne(fault) ? undefined : 'unanswered';
    }
  }

  async function find(sent: SentSegment): Promise<MessageInstance | undefined> {
    if (sent.carrierMessageId !== undefined) return client.messages(sent.carrierMessageId).fetch();
    if (now() - sent.startedAt < settledAfterMs) return undefined;
    const fitting: MessageInstance[] = [];
    for (const message of await list(sent)) {
      if (isSameText(message, sent) && !(await sent.isClaimed(message.sid))) fitting.push(message);
    }
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  /** Empty when there are more than can be compared: then nothing is certain. */
  async function list({outbound, entry, startedAt}: SentSegment): Promise<MessageInstance[]> {
    const {messagingServiceSid, anySender} = entrySchema.parse(entry.options);
    const {from, to} = toParties(entry.address, outbound.to, anySender === true && messagingServiceSid !== undefined);
    const messages = await client.messages.list({
      to,
      ...(from === undefined ? {} : {from}),
      dateSentAfter: new Date(startedAt - toleranceMs),
      pageSize: mostListed,
      limit: mostListed,
    });
    return messages.length < mostListed ? messages : [];
  }
}

function isSameText(message: MessageInstance, {outbound, segment, startedAt}: SentSegment): boolean {
  if (message.direction === 'inbound' || message.body !== splitBody(outbound.text)[segment]) return false;
  const createdAt = message.dateCreated?.getTime() ?? 0;
  return Math.abs(createdAt - startedAt) <= toleranceMs;
}
