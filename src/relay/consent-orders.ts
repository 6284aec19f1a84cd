import {type Channel, entryOf} from '../core/channel.ts';
import {answerWithinMs, type ConsentOrder, isAnsweredByNetwork, listsOf} from '../core/consent.ts';
import type {InboundEvent} from '../core/event.ts';
import {findOrder, isSuspect} from '../core/keywords.ts';
import type {Inbound} from '../core/message.ts';
import type {InboundConsent, NewOutbound} from '../store/store.ts';
import {toMessageId} from './identity.ts';

/** What a text from a phone says about consent; the store decides what follows, for it knows whether the phone is out. */
export interface ReadConsent {
  consent?: InboundConsent;
  suspectedOptOut?: true;
}

/** A name, or what else is no number and has no prefix: nobody can write to it, so it can't be kept from being written to. */
const nobody = /^(?![a-z]+:).*[^\d\s().+*#-]/i;

/** Whatever the carrier took it for is what it is: it has acted on that already. */
export function readConsent(channel: Channel | undefined, inbound: Inbound, event: InboundEvent): ReadConsent {
  const rules = channel?.keywords;
  if (channel === undefined || rules === undefined || nobody.test(inbound.from)) return {};
  const found = findOrder(inbound.text, rules.words);
  if (event.consent === undefined && found === undefined) {
    return isSuspect(inbound.text, rules.words) ? {suspectedOptOut: true} : {};
  }
  const order: ConsentOrder =
    event.consent === undefined
      ? {order: found?.order ?? 'help', word: found?.word ?? '', by: 'keyword'}
      : {order: event.consent, word: found?.word ?? '', by: 'carrier'};
  const {messageId, carrier} = inbound;
  const {carrierMessageId = ''} = event;
  return {
    consent: {
      order,
      rules: {mode: rules.mode, owner: rules.owner},
      networkAnswers: isAnsweredByNetwork(inbound.to),
      lists: listsOf(channel.platform, channel.id, rules),
      detail: {messageId, carrier, carrierMessageId, word: order.word, by: order.by},
      answer: toAnswer(channel, inbound, order, rules.answers[order.order]),
    },
  };
}

/** By the way the order came, from the number it was sent to. */
function toAnswer(channel: Channel, inbound: Inbound, {order}: ConsentOrder, text: string): NewOutbound {
  const entry = entryOf(channel, inbound.carrier) ?? channel.carriers[0];
  const {messageId, from, traceId} = inbound;
  return {
    outbound: {
      messageId: toMessageId('answer', messageId),
      platform: channel.platform,
      channel: channel.id,
      from: channel.address,
      to: from,
      text,
      media: [],
      traceId,
      answers: order,
    },
    raw: '',
    priority: 'interactive',
    replyWindowMs: 0,
    carrier: entry?.carrier ?? inbound.carrier,
    expiresInMs: answerWithinMs,
  };
}
