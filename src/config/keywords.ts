import {z} from 'zod';
import {channelList, defaultAnswers, type KeywordRules} from '../core/consent.ts';
import {type Order, toBare, toWords} from '../core/keywords.ts';

const noWord = 'has no letter and no digit, which alone count in a text: no phone could order with it.';

function isWord(word: string): boolean {
  return word === '' || toBare(word) !== '';
}

const order = (what: string) =>
  z
    .strictObject({
      words: z
        .array(z.string().trim().min(1).max(40).refine(isWord, noWord))
        .max(50)
        .default([])
        .describe(`Words that ${what}, beside those of the languages; a text counts only when it is nothing else.`),
      answer: z
        .string()
        .trim()
        .min(1)
        .max(765)
        .optional()
        .describe('What the phone is answered, instead of the text of the first language.'),
    })
    .prefault({});

export const keywordsBlock = z.strictObject({
  mode: z
    .enum(['forward', 'handle', 'both'])
    .default('forward')
    .describe(
      '`forward`: every text from a phone, STOP and HELP included, is posted to the platform and answered by somebody else. `handle`: orders are followed and answered here and go no further. `both`: followed and answered here and posted as well.',
    ),
  owner: z
    .enum(['cx-contact', 'twilio', 'carrier', 'nobody'])
    .default('nobody')
    .describe(
      'Who answers orders instead of the gateway. `handle` and `both` answer only where this is `nobody`: no phone gets two answers.',
    ),
  languages: z
    .array(z.enum(['en', 'fr', 'es']))
    .min(1)
    .default(['en'])
    .describe('Whose words are orders; the first one’s texts answer.'),
  stop: order('opt a phone out').describe('Opting out.'),
  start: order('opt a phone in again').describe('Opting in again: acts only on phones that are out.'),
  help: order('ask for help').describe('Asking for help.'),
  list: z
    .string()
    .regex(/^[a-z][\w-]{0,39}$/i, 'must be `channel`, `platform`, or a name of letters, digits, dashes or underscores.')
    .default('channel')
    .describe('Which opt-out list the channel has: its own (`channel`), its platform’s (`platform`), or a named one.'),
  enforce: z.boolean().optional().meta({
    fallback: 'true unless mode is forward',
    description: 'Texts to phones on the list fail with RecipientOptedOut and are not sent.',
  }),
});

export type KeywordsFile = z.infer<typeof keywordsBlock>;

export function toKeywordRules(file: KeywordsFile, platform: string, channel: string): KeywordRules {
  const [first = 'en'] = file.languages;
  const answerOf = (name: Order) => file[name].answer ?? defaultAnswers[first][name];
  return {
    mode: file.mode,
    owner: file.owner,
    enforce: file.enforce ?? file.mode !== 'forward',
    list: toList(file.list, platform, channel),
    words: toWords(file.languages, {stop: file.stop.words, start: file.start.words, help: file.help.words}),
    answers: {stop: answerOf('stop'), start: answerOf('start'), help: answerOf('help')},
  };
}

/** Short codes have texts of their own, which the networks approve (Genesys Cloud asks for all three as well). */
export function findUnanswered({mode, owner, ...orders}: KeywordsFile): string[] {
  if (mode === 'forward' || owner !== 'nobody') return [];
  return (['help', 'stop', 'start'] as const).filter(name => orders[name].answer === undefined);
}

function toList(list: string, platform: string, channel: string): string {
  if (list === 'channel') return channelList(platform, channel);
  return list === 'platform' ? `platform ${platform}` : `list ${list}`;
}
