/** Typographic marks and spaces to what every alphabet has: they make a text UTF-16 and double its price without saying more. */
const plain: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '‟': '"',
  '″': '"',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '…': '...',
  '•': '*',
  '·': '.',
  '`': "'",
  '´': "'",
  '\t': ' ',
  '\u00a0': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2007': ' ',
  '\u2009': ' ',
  '\u200a': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
  '\u00ad': '',
  '\u200b': '',
  '\u2060': '',
  '\ufeff': '',
};

const marks = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');

export function transliterate(text: string): string {
  return text.replace(marks, mark => plain[mark] ?? mark);
}
