import type {Order, Words} from './keywords.ts';

/** Who may be written to. A phone is in or out of a list; a channel, a platform or a name has one. */

/**
 * - `forward`: every text goes to the platform, and whoever `owner` names answers; our list is advice unless `enforce`.
 * - `handle`: orders are followed and answered here and go no further.
 * - `both`: followed and answered here, and posted to the platform as well.
 */
export type KeywordMode = 'forward' | 'handle' | 'both';

/** Who answers orders instead of us. */
export type KeywordOwner = 'cx-contact' | 'twilio' | 'carrier' | 'nobody';

/** A channel's rules about orders from phones. */
export interface KeywordRules {
  mode: KeywordMode;
  owner: KeywordOwner;
  /** Texts to phones that are out are not sent. */
  enforce: boolean;
  /** As the store names it. */
  list: string;
  words: Words;
  answers: Readonly<Record<Order, string>>;
}

/** A text from a phone taken as an order. */
export interface ConsentOrder {
  order: Order;
  /** Who took it for one: we by its words, or its carrier, who has answered it then. */
  by: 'keyword' | 'carrier';
  word: string;
}

export interface ConsentDecision {
  /** Undefined: nothing changes. */
  change: 'in' | 'out' | undefined;
  /** We owe the phone an answer. */
  answer: boolean;
  /** The platform gets the text. */
  forward: boolean;
  /** The platform's one answer may pass although the phone is out. */
  pass: boolean;
}

/** How long after an order its one answer may still be sent to a phone that is out. */
export const answerWithinMs = 300_000;

/** Genesys Cloud's own texts for long codes and toll-free numbers (its page on SMS by SMPP), and their sense in other languages, all in the GSM alphabet. */
export const defaultAnswers: Readonly<Record<'en' | 'fr' | 'es', Readonly<Record<Order, string>>>> = {
  en: {
    help: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
    stop: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
    start:
      'You have successfully been resubscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
  },
  fr: {
    help: "Répondez ARRET pour vous désabonner. Des frais de messagerie et de données peuvent s'appliquer.",
    stop: 'Votre désabonnement est confirmé. Vous ne recevrez plus de messages de ce numéro. Répondez START pour vous réabonner.',
    start:
      "Votre abonnement est rétabli. Répondez AIDE pour de l'aide, ARRET pour vous désabonner. Des frais peuvent s'appliquer.",
  },
  es: {
    help: 'Responda ALTO para darse de baja. Pueden aplicarse tarifas de mensajes y datos.',
    stop: 'Se ha dado de baja. No le enviaremos otros mensajes. Responda START para volver a suscribirse.',
    start:
      'Se ha vuelto a suscribir a nuestros mensajes. Responda AYUDA para recibir ayuda o ALTO para darse de baja. Pueden aplicarse tarifas.',
  },
};

/**
 * What follows from an order. Opt-in words act only on phones that are out: to others YES is an answer like any other.
 * An answer is ours only where nobody else gives one, and only to an order that changed something or asks for help: a phone that says STOP twice
 * is told once.
 * @param networkAnswers the carriers' network itself answers STOP and START to this sender
 */
export function decideConsent(
  {order, by}: ConsentOrder,
  {mode, owner}: Pick<KeywordRules, 'mode' | 'owner'>,
  {isOut, networkAnswers}: {isOut: boolean; networkAnswers: boolean},
): ConsentDecision {
  const idle = order === 'start' && !isOut;
  if (idle) return {change: undefined, answer: false, forward: true, pass: false};
  const change = order === 'help' ? undefined : order === 'stop' ? ('out' as const) : ('in' as const);
  const isNews = order === 'help' || (order === 'stop') !== isOut;
  const isAnswered = by === 'carrier' || (networkAnswers && order !== 'help');
  const ours = mode !== 'forward' && owner === 'nobody' && !isAnswered;
  const forward = mode !== 'handle';
  const platforms = forward && !ours && !isAnswered && (owner === 'cx-contact' || owner === 'nobody');
  return {
    change: isNews ? change : undefined,
    answer: ours && isNews,
    forward,
    pass: platforms && isNews && order !== 'start',
  };
}

/** North American toll-free numbers: their network follows and answers STOP and START, whatever the carrier. */
export function isAnsweredByNetwork(address: string): boolean {
  return /^\+1(800|833|844|855|866|877|888)\d{7}$/.test(address);
}

export function channelList(platform: string, channel: string): string {
  return `channel ${platform} ${channel}`;
}

/** The lists that can forbid a text of this channel: its own, and what carriers refused for this very sender. */
export function listsOf(platform: string, channel: string, rules: Pick<KeywordRules, 'list'>): string[] {
  return [...new Set([rules.list, channelList(platform, channel)])];
}
