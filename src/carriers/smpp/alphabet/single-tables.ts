type Runs = Readonly<Record<number, string>>;

/** What an escape means in every language: the default extension (3GPP TS 23.038 6.2.1.1). */
const everywhere: Runs = {10: '\f', 20: '^', 40: '{}', 47: '\\', 60: '[~]', 64: '|', 101: '€'};

/** The Latin letters and marks that the languages of India and Pakistan share. */
const latin: Runs = {0: '@£$¥¿"¤%&\'', 11: '*+', 14: '-/<=>¡', 21: '¡_#*', 65: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'};

/** Single shift tables by language code (A.2): characters from a code on, beside those above. */
const languages: Readonly<Record<number, Runs>> = {
  // Turkish
  1: {71: 'Ğ', 73: 'İ', 83: 'Ş', 99: 'ç', 103: 'ğ', 105: 'ı', 115: 'ş'},
  // Spanish
  2: {9: 'ç', 65: 'Á', 73: 'Í', 79: 'Ó', 85: 'Ú', 97: 'á', 105: 'í', 111: 'ó', 117: 'ú'},
  // Portuguese
  3: {
    5: 'ê',
    9: 'ç',
    11: 'Ôô',
    14: 'Áá',
    18: 'ΦΓ',
    21: 'ΩΠΨΣΘ',
    31: 'Ê',
    65: 'À',
    73: 'Í',
    79: 'Ó',
    85: 'Ú',
    91: 'ÃÕ',
    97: 'Â',
    105: 'í',
    111: 'ó',
    117: 'ú',
    123: 'ãõ',
    127: 'â',
  },
  // Bengali
  4: {
    ...latin,
    25: '\u09e6\u09e7',
    28: '\u09e8\u09e9\u09ea\u09eb\u09ec\u09ed\u09ee\u09ef\u09df\u09e0\u09e1\u09e2',
    42: '\u09e3\u09f2\u09f3\u09f4\u09f5',
    48: '\u09f6\u09f7\u09f8\u09f9\u09fa',
  },
  // Gujarati
  5: {...latin, 25: '\u0964\u0965', 28: '\u0ae6\u0ae7\u0ae8\u0ae9\u0aea\u0aeb\u0aec\u0aed\u0aee\u0aef'},
  // Hindi
  6: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f\u0951\u0952',
    42: '\u0953\u0954\u0958\u0959\u095a',
    48: '\u095b\u095c\u095d\u095e\u095f\u0960\u0961\u0962\u0963\u0970\u0971',
  },
  // Kannada
  7: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0ce6\u0ce7\u0ce8\u0ce9\u0cea\u0ceb\u0cec\u0ced\u0cee\u0cef\u0cde\u0cf1',
    42: '\u0cf2',
  },
  // Malayalam
  8: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0d66\u0d67\u0d68\u0d69\u0d6a\u0d6b\u0d6c\u0d6d\u0d6e\u0d6f\u0d70\u0d71',
    42: '\u0d72\u0d73\u0d74\u0d75\u0d7a',
    48: '\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f',
  },
  // Oriya
  9: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0b66\u0b67\u0b68\u0b69\u0b6a\u0b6b\u0b6c\u0b6d\u0b6e\u0b6f\u0b5c\u0b5d',
    42: '\u0b5f\u0b70\u0b71',
  },
  // Punjabi
  10: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0a66\u0a67\u0a68\u0a69\u0a6a\u0a6b\u0a6c\u0a6d\u0a6e\u0a6f\u0a59\u0a5a',
    42: '\u0a5b\u0a5c\u0a5e\u0a75',
  },
  // Tamil
  11: {
    ...latin,
    25: '\u0964\u0965',
    28: '\u0be6\u0be7\u0be8\u0be9\u0bea\u0beb\u0bec\u0bed\u0bee\u0bef\u0bf3\u0bf4',
    42: '\u0bf5\u0bf6\u0bf7\u0bf8\u0bfa',
  },
  // Telugu
  12: {
    ...latin,
    28: '\u0c66\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c\u0c6d\u0c6e\u0c6f\u0c58\u0c59',
    42: '\u0c78\u0c79\u0c7a\u0c7b\u0c7c',
    48: '\u0c7d\u0c7e\u0c7f',
  },
  // Urdu
  13: {
    ...latin,
    25: '\u0600\u0601',
    28: '\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u060c\u060d',
    42: '\u060e\u060f\u0610\u0611\u0612',
    48: '\u0613\u0614\u061b\u061f\u0640\u0652\u0658\u066b\u066c\u0672\u0673\u06cd',
    63: '\u06d4',
  },
};

export const singleTables: Readonly<Record<number, Readonly<Record<number, string>>>> = Object.fromEntries(
  Object.entries(languages).map(([language, runs]) => [language, {...spread(everywhere), ...spread(runs)}]),
);

function spread(runs: Runs): Record<number, string> {
  const pairs = Object.entries(runs).flatMap(([first, characters]) =>
    Array.from(characters, (character, index) => [Number(first) + index, character] as const),
  );
  return Object.fromEntries(pairs);
}
