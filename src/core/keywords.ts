/** Words a phone orders with. Only a text that is nothing but the word counts; case, blanks, accents and punctuation are no part of it. */

export type Order = 'stop' | 'start' | 'help';
export type Language = 'en' | 'fr' | 'es';
export type Words = Readonly<Record<Order, readonly string[]>>;

/** English: what Genesys Cloud provisions for every number; ARRET and UNSUB beside it are CX Contact's for Canada. */
export const wordsByLanguage: Readonly<Record<Language, Words>> = {
  en: {
    stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
    start: ['START', 'YES', 'UNSTOP'],
    help: ['HELP', 'INFO'],
  },
  fr: {
    stop: ['STOP', 'ARRET', 'ARRETER', 'UNSUB', 'DESABONNER', 'DESABONNEMENT', 'DESINSCRIRE', 'ANNULER', 'FIN'],
    start: ['START', 'OUI', 'REPRENDRE', 'REABONNER'],
    help: ['AIDE', 'INFO'],
  },
  es: {
    stop: ['STOP', 'PARAR', 'ALTO', 'DETENER', 'CANCELAR', 'BAJA', 'DESUSCRIBIR', 'SALIR'],
    start: ['START', 'SI', 'ALTA', 'INICIAR', 'COMENZAR'],
    help: ['AYUDA', 'INFO'],
  },
};

/** Words that mean little else: one of them inside a sentence may be an order that no rule may follow. Others are everyday words. */
const telling = new Set(
  'STOP STOPALL UNSUBSCRIBE UNSUB REVOKE OPTOUT ARRET DESABONNER DESABONNEMENT DESINSCRIRE DESUSCRIBIR'.split(' '),
);

/** No order is longer; what is would only cost time. */
const longestText = 1600;

/** Every language's words and the channel's own. */
export function toWords(languages: readonly Language[], own: Partial<Words> = {}): Words {
  const all = (order: Order) => [
    ...new Set([...languages.flatMap(language => wordsByLanguage[language][order]), ...(own[order] ?? []).map(toBare)]),
  ];
  return {stop: all('stop'), start: all('start'), help: all('help')};
}

/** The order a text is, if it is one and nothing else. */
export function findOrder(text: string, words: Words): {order: Order; word: string} | undefined {
  const word = toBare(text);
  const order = (['stop', 'start', 'help'] as const).find(candidate => words[candidate].includes(word));
  return word === '' || order === undefined ? undefined : {order, word};
}

/** Whether a word to stop stands in a text that is more than that: nobody is opted out by it, somebody should look. */
export function isSuspect(text: string, words: Words): boolean {
  const found = text
    .slice(0, longestText)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(toBare);
  return found.some((word, index) => {
    const pair = word + (found[index + 1] ?? '');
    return [word, pair].some(candidate => telling.has(candidate) && words.stop.includes(candidate));
  });
}

/** `Arrêt !` → `ARRET`, `opt-out` → `OPTOUT`. */
export function toBare(text: string): string {
  return text
    .slice(0, longestText)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}
